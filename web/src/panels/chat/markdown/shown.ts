/** For tests: what of a message's text a person reads, marks of lists included. */
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { Markdown } from "./Markdown";

const BLOCKS = "p, pre, li, ul, ol, blockquote, div";

/** The elements of a message with this text, made as the page makes them. */
export function elementsOf(text: string): HTMLElement {
  const root = document.createElement("div");
  root.innerHTML = renderToStaticMarkup(createElement(Markdown, { text }));
  return root;
}

/** Each block on lines of its own. */
export function shown(text: string): string {
  const lines = [""];
  const put = (more: string) => lines.push(`${lines.pop() ?? ""}${more}`);
  const walk = (node: Node) => {
    if (node instanceof Text) put(node.data);
    if (!(node instanceof HTMLElement) || node.matches("button")) return;
    if (node.matches("br")) lines.push("");
    const block = node.matches(BLOCKS);
    if (block && lines.at(-1) !== "" && !isFirstInItem(node)) lines.push("");
    if (node instanceof HTMLLIElement) put(`${markOf(node)} `);
    node.childNodes.forEach(walk);
    if (block && lines.at(-1) !== "") lines.push("");
  };
  walk(elementsOf(text));
  if (lines.at(-1) === "") lines.pop();
  return lines.join("\n");
}

/** It stands on the line of the item's mark. */
function isFirstInItem(node: Element): boolean {
  return node.parentElement?.matches("li") === true && node.parentElement.firstElementChild === node;
}

/** As browsers draw it before an item. */
function markOf(item: HTMLLIElement): string {
  const own = /^"(.*)"$/.exec(item.style.listStyleType)?.[1];
  if (own !== undefined) return own.trim();
  const list = item.parentElement;
  if (!(list instanceof HTMLOListElement)) return "•";
  let number = list.hasAttribute("start") ? list.start : 1;
  for (const each of list.children) {
    if (each.hasAttribute("value")) number = (each as HTMLLIElement).value;
    if (each === item) break;
    number += 1;
  }
  return `${number}.`;
}
