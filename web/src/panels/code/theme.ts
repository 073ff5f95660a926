/** The editor's look: the page's own colours, and a small palette for code in light and dark. */
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags as t } from "@lezer/highlight";

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

/** Code in colours, in the editor and wherever else code is shown. */
export const codeColors = HighlightStyle.define([
  { tag: [t.comment, t.meta], color: "light-dark(#6a716d, #858e8b)", fontStyle: "italic" },
  { tag: [t.keyword, t.operatorKeyword, t.modifier], color: "light-dark(#8a2f6b, #e59ac8)" },
  { tag: [t.string, t.special(t.string), t.regexp], color: "light-dark(#2e6b1f, #a5d28a)" },
  { tag: [t.number, t.bool, t.null, t.atom], color: "light-dark(#a14a00, #ecb078)" },
  { tag: [t.function(t.variableName), t.function(t.propertyName)], color: "light-dark(#1a5fa8, #8cbef2)" },
  {
    tag: [t.definition(t.variableName), t.definition(t.propertyName)],
    color: "light-dark(#14575f, #83d3da)",
  },
  { tag: [t.typeName, t.className, t.namespace], color: "light-dark(#5a3fb0, #bda9f5)" },
  { tag: [t.propertyName, t.labelName], color: "light-dark(#14575f, #83d3da)" },
  { tag: t.heading, color: "light-dark(#8a2f6b, #e59ac8)", fontWeight: "650" },
  { tag: [t.link, t.url], color: "light-dark(#1a5fa8, #8cbef2)" },
  { tag: t.emphasis, fontStyle: "italic" },
  { tag: t.strong, fontWeight: "650" },
  { tag: t.strikethrough, textDecoration: "line-through" },
  { tag: [t.tagName, t.attributeName], color: "light-dark(#1a5fa8, #8cbef2)" },
  { tag: [t.operator, t.punctuation, t.bracket], color: "var(--soft)" },
  { tag: t.invalid, color: "var(--bad)" },
]);

export const coloring: Extension = syntaxHighlighting(codeColors);

export const theme: Extension = [frame, furniture];
