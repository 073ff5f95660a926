/** Code in colours, in the editor and wherever else code is shown: a small palette in light and dark. */
import { HighlightStyle } from "@codemirror/language";
import { tags as t } from "@lezer/highlight";

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
