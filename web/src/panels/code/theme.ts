/** The editor's look, in the page's own colours. */
import { syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { codeColors } from "../../shared/codeColors";

const mono = '"JetBrains Mono", ui-monospace, "SF Mono", Menlo, Consolas, monospace';

const frame = EditorView.theme({
  "&": { flex: "1", minWidth: "0", backgroundColor: "transparent", color: "var(--ink)", fontSize: "14.5px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: mono, lineHeight: "1.7", fontVariantLigatures: "none" },
  ".cm-content": { padding: "22px 0 40vh", caretColor: "var(--accent)" },
  ".cm-line": { padding: "0 24px 0 10px" },
  ".cm-cursor, .cm-dropCursor": { borderLeft: "2px solid var(--accent)", marginLeft: "-1px" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--gutter)", border: "none" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 10px 0 18px", minWidth: "46px", fontSize: "12.5px" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--ink)" },
  ".cm-selectionBackground": { backgroundColor: "var(--select)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
    backgroundColor: "var(--select)",
  },
  ".cm-selectionMatch": { backgroundColor: "var(--match)", borderRadius: "2px" },
  ".cm-searchMatch": { backgroundColor: "var(--match)", borderRadius: "2px" },
  ".cm-searchMatch.cm-searchMatch-selected": { backgroundColor: "var(--match-here)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--match)", borderRadius: "2px" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "transparent", color: "var(--bad)" },
  ".cm-placeholder": { color: "var(--gutter)" },
});

/** Search bar and completions, drawn like the rest of the page. */
const furniture = EditorView.theme({
  ".cm-panels": { backgroundColor: "var(--raised)", color: "var(--ink)", fontFamily: "inherit" },
  ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-panels.cm-panels-bottom": { borderTop: "1px solid var(--line)" },
  ".cm-panel.cm-search": { padding: "10px 40px 10px 18px", fontSize: "13px" },
  ".cm-panel.cm-search label": {
    display: "inline-flex",
    alignItems: "center",
    gap: "5px",
    marginRight: "8px",
    fontSize: "13px",
    color: "var(--soft)",
  },
  ".cm-panel.cm-search [name=close]": { top: "10px", right: "14px", fontSize: "18px", color: "var(--soft)" },
  ".cm-textfield": {
    backgroundColor: "var(--surface)",
    border: "1px solid var(--edge)",
    borderRadius: "7px",
    padding: "4px 8px",
    fontSize: "13px",
  },
  ".cm-button": {
    backgroundImage: "none",
    backgroundColor: "var(--raised)",
    border: "1px solid var(--edge)",
    borderRadius: "7px",
    padding: "4px 10px",
    fontSize: "13px",
    color: "var(--ink)",
  },
  ".cm-button:hover, .cm-button:active": { backgroundImage: "none", backgroundColor: "var(--hover)" },
  ".cm-tooltip": {
    backgroundColor: "var(--raised)",
    border: "1px solid var(--line)",
    borderRadius: "10px",
    boxShadow: "0 12px 32px -8px var(--shadow)",
    overflow: "hidden",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: mono, fontSize: "13px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "3px 10px" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--tint)", color: "var(--ink)" },
});

export const coloring: Extension = syntaxHighlighting(codeColors);

export const theme: Extension = [frame, furniture];
