/** A message's text: Markdown, sanitised, and built anew from elements of ours, so that no HTML reaches the page. */
import { createElement, Fragment, type ReactNode } from "react";
import { thinned } from "../../../shared/piles";
import { CodeBlock } from "./CodeBlock";
import { htmlOf } from "./html";
import "./markdown.css";
import { directionOf } from "./direction";
import { isHeavy } from "./heavy";
import { itemProps, listProps } from "./lists";
import { isAddress, safeAddress } from "./links";
import { sanitize } from "./sanitize";

/** Deeper quotes and lists are shown as their text. */
const DEPTH = 12;
/** Texts whose elements are kept, and how long such a text may be. */
const KEPT = 400;
const KEPT_LENGTH = 2_000;

const kept = new Map<string, ReactNode>();

export function Markdown({ text }: { text: string }) {
  return <div className="chat-text">{elementsOf(text)}</div>;
}

/** Scrolling back and forth shows the same texts again and again. */
function elementsOf(text: string): ReactNode {
  const before = kept.get(text);
  if (before !== undefined) return before;
  const made = rendered(thinned(text));
  if (text.length <= KEPT_LENGTH) {
    kept.set(text, made);
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT) break;
      kept.delete(oldest);
    }
  }
  return made;
}

function rendered(text: string): ReactNode {
  if (isHeavy(text)) return <Plain text={text} />;
  const fragment = sanitize(htmlOf(text));
  // Such as the mark of a heading without its text.
  if (fragment.textContent.trim() === "") return <p dir="auto">{text}</p>;
  return children(fragment, 0);
}

/** As it was written. */
function Plain({ text }: { text: string }) {
  return (
    <>
      <p dir="auto">{text}</p>
      <p className="text-[0.8rem] text-soft">
        Shown as it was written: it has too many marks to be formatted.
      </p>
    </>
  );
}

function children(node: Node, depth: number): ReactNode[] {
  return [...node.childNodes].map((child, i) => {
    // Lines between elements are how the HTML is laid out.
    if (child instanceof Text) return child.data === "\n" ? null : child.data;
    if (!(child instanceof Element)) return null;
    return <Fragment key={i}>{depth < DEPTH ? element(child, depth + 1) : child.textContent}</Fragment>;
  });
}

function element(from: Element, depth: number): ReactNode {
  const name = from.localName;
  switch (name) {
    case "em":
    case "strong":
    case "del":
      return createElement(name, null, ...children(from, depth));
    case "p":
      return <p dir="auto">{children(from, depth)}</p>;
    case "code":
      return <code dir="ltr">{children(from, depth)}</code>;
    case "blockquote":
      return <blockquote dir={directionOf(from)}>{children(from, depth)}</blockquote>;
    case "ul":
    case "ol":
      return list(from, depth);
    case "li":
      return <li {...itemProps(from)}>{children(from, depth)}</li>;
    case "br":
      return <br />;
    case "pre":
      return <CodeBlock code={from.textContent.replace(/\n$/, "")} language={languageOf(from)} />;
    case "a":
      return link(from, depth);
    default:
      return from.textContent;
  }
}

function list(from: Element, depth: number): ReactNode {
  return createElement(from.localName, listProps(from), ...children(from, depth));
}

function languageOf(pre: Element): string {
  const name = pre.firstElementChild?.getAttribute("class") ?? "";
  return /^language-(\S{1,32})$/.exec(name)?.[1] ?? "";
}

/** The address stands in the title, since a link's text may be another address. */
function link(from: Element, depth: number): ReactNode {
  const address = safeAddress(from.getAttribute("href"));
  if (address === undefined) return children(from, depth);
  return (
    <a
      href={address}
      title={address}
      target="_blank"
      rel="noopener noreferrer"
      dir={isAddress(from.textContent) ? "ltr" : undefined}
    >
      {children(from, depth)}
    </a>
  );
}
