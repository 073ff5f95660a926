/** The editor's extensions, for writing and for reading. */
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import {
  crosshairCursor,
  drawSelection,
  dropCursor,
  EditorView,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder,
  rectangularSelection,
} from "@codemirror/view";
import { theme } from "./theme";

const common: Extension = [
  lineNumbers(),
  highlightActiveLineGutter(),
  drawSelection(),
  bracketMatching(),
  highlightSelectionMatches(),
  search({ top: true }),
  theme,
  EditorView.lineWrapping,
  // A line ends at \n and nowhere else: otherwise places in this text and in the shared one would differ after a \r.
  EditorState.lineSeparator.of("\n"),
];

export const editing: Extension = [
  common,
  dropCursor(),
  rectangularSelection(),
  crosshairCursor(),
  EditorState.allowMultipleSelections.of(true),
  EditorState.tabSize.of(2),
  indentUnit.of("  "),
  indentOnInput(),
  closeBrackets(),
  autocompletion(),
  EditorView.clipboardInputFilter.of((text) => (text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text)),
  placeholder("Write here. Everyone in the room sees it as you type."),
  EditorView.contentAttributes.of({ tabindex: "0" }),
  keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...completionKeymap, indentWithTab]),
];

export const reading: Extension = [
  common,
  EditorState.readOnly.of(true),
  EditorView.editable.of(false),
  placeholder("Nothing is written yet."),
  EditorView.contentAttributes.of({ "aria-readonly": "true", tabindex: "0" }),
  keymap.of([...defaultKeymap, ...searchKeymap]),
];
