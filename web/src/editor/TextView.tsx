/** The editor of one file: CodeMirror on its Yjs text. */
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useLayoutEffect, useRef } from "react";
import type { Text } from "yjs";
import "./editor.css";
import type { DocView } from "../engine";
import { shared } from "./binding";
import { textOf, type File } from "./files";
import { languageOf } from "./languages";
import { placeIn, restored, stayIn } from "./places";
import { editing, reading } from "./setup";
import { coloring } from "./theme";

interface TextViewProps {
  view: DocView;
  file: File;
  writable: boolean;
  onEditor: (editor: EditorView | undefined) => void;
}

export function TextView({ view, file, writable, onEditor }: TextViewProps) {
  const parent = useRef<HTMLDivElement>(null);
  const shown = useRef<Shown>(undefined);
  const { id, name } = file;

  // In the layout phase, because an editor already taken from the page has lost its focus and its scrolling.
  useLayoutEffect(() => {
    if (!parent.current) return;
    const opened = open(parent.current, view, id, writable, labelOf(name, writable));
    shown.current = opened;
    onEditor(opened.editor);
    return () => {
      onEditor(undefined);
      close(opened, view, id);
    };
    // A new name changes the label alone.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [view, id, writable, onEditor]);

  useEffect(() => {
    const { current } = shown;
    let wanted = true;
    const label = labelOf(name, writable);
    if (current && current.editor.contentDOM.getAttribute("aria-label") !== label)
      current.editor.dispatch({ effects: current.label.reconfigure(labelled(label)) });
    // Setting a language up, reading the text by it and colouring it are three tasks, so that keys come between.
    const steps = async () => {
      const language = await loaded(name);
      await nextTask();
      if (wanted) current?.editor.dispatch({ effects: current.language.reconfigure(language) });
      await nextTask();
      if (wanted) current?.editor.dispatch({ effects: current.colors.reconfigure(coloring) });
    };
    void steps();
    return () => {
      wanted = false;
    };
  }, [view, id, name, writable]);

  return <div ref={parent} className="code-editor flex min-h-0 flex-1" />;
}

interface Shown {
  editor: EditorView;
  text: Text;
  language: Compartment;
  colors: Compartment;
  label: Compartment;
}

function open(parent: HTMLElement, view: DocView, id: string, writable: boolean, name: string): Shown {
  const text = textOf(view.doc, id);
  const [language, colors, label] = [new Compartment(), new Compartment(), new Compartment()];
  const { places, focused } = stayIn(view);
  const place = places.get(id);
  const back = place && restored(place, text);
  const editor = new EditorView({
    parent,
    ...(back && { scrollTo: back.scrollTo }),
    state: EditorState.create({
      doc: text.toJSON(),
      ...(back && { selection: back.selection }),
      extensions: [
        writable ? editing : reading,
        language.of([]),
        colors.of([]),
        label.of(labelled(name)),
        shared(text, view.awareness),
      ],
    }),
  });
  if (focused) editor.focus();
  return { editor, text, language, colors, label };
}

function close({ editor, text }: Shown, view: DocView, id: string): void {
  const stay = stayIn(view);
  stay.focused = editor.hasFocus;
  stay.places.set(id, placeIn(editor, text));
  editor.destroy();
}

/** A language that cannot be fetched leaves the text plain. */
async function loaded(name: string): Promise<Extension> {
  try {
    return (await languageOf(name)?.load()) ?? [];
  } catch {
    return [];
  }
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

function labelOf(name: string, writable: boolean): string {
  return `${name}, ${writable ? "shared with everyone in the room" : "read only"}`;
}

function labelled(label: string) {
  return EditorView.contentAttributes.of({ "aria-label": label });
}
