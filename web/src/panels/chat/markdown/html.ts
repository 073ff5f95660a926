/**
 * Markdown to HTML for chat: a small dialect, in which text that may be no mark is shown as it is written. HTML,
 * images and tables are just text.
 */
import { Marked, Tokenizer, type Tokens } from "marked";
import { addresses, maskAddresses } from "./addresses";
import { backslash } from "./backslash";
import { del, emStrong, shallow } from "./emphasis";
import { safeAddress } from "./links";

const plain = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => plain[character as keyof typeof plain]);
}

const none = () => undefined;
/** As the library does it. */
const usual = false;

/** A mark and a space; `>_<` and `>>> print()` are none. */
const QUOTE = /^ {0,3}>{1,2}(?:[ \t]|\n|$)/;
/** A language, such as `c++` or `objective-c`; anything else behind the marks is code already. */
const LANGUAGE = /^[\w+#.-]*$/;
const LINE_END = /^ *\n(?!\s*$)/;
const ITEM = /^\s*([-+*]|\d{1,9}[.)])/;

const marked = new Marked({
  async: false,
  gfm: true,
  breaks: true,
  extensions: [backslash, addresses],
  hooks: { emStrongMask: maskAddresses },
  tokenizer: {
    // All that is no token stays text, and text is escaped.
    html: none,
    tag: none,
    table: none,
    hr: none,
    def: none,
    code: none,
    lheading: none,
    emStrong,
    del,
    /** One in the middle of other lines is a comment in something pasted. */
    heading() {
      const type = this.lexer.state.lastToken?.type;
      return type === "paragraph" || type === "text" ? undefined : usual;
    },
    blockquote: (src) => (QUOTE.test(src) ? usual : undefined),
    fences(src) {
      const token = Tokenizer.prototype.fences.call(this, src);
      const first = /^ {0,3}[`~]+(.*)/.exec(src)?.[1] ?? "";
      if (token && !LANGUAGE.test(first.trim()))
        Object.assign(token, { lang: "", text: `${first}\n${token.text}` });
      return token;
    },
    /** One to nowhere, such as `a[i](x)`, is none. */
    link(src) {
      const found = shallow(this, () => Tokenizer.prototype.link.call(this, src));
      return found && safeAddress(found.href) !== undefined ? usual : undefined;
    },
    autolink(src) {
      const found = Tokenizer.prototype.autolink.call(this, src);
      return safeAddress(found?.href ?? null) === undefined ? undefined : found;
    },
    /** Others are found by `addresses`. */
    url: (src) => (/^[^/]*?@/.test(src) ? usual : undefined),
    codespan(src) {
      const token = Tokenizer.prototype.codespan.call(this, src);
      const marks = /^`+/.exec(src)?.[0].length ?? 0;
      if (token?.raw.includes("\n") === true) token.text = token.raw.slice(marks, -marks);
      return token;
    },
    /** A backslash at the end of a line stays, and so does what the next one is indented by. */
    br(src) {
      const raw = LINE_END.exec(src)?.[0];
      return raw === undefined ? undefined : { type: "br", raw };
    },
    inlineText(src) {
      const token = Tokenizer.prototype.inlineText.call(this, src);
      return token && { ...token, text: token.raw };
    },
  },
  renderer: {
    text(token: Tokens.Text | Tokens.Escape) {
      return "tokens" in token ? this.parser.parseInline(token.tokens) : escaped(token.text);
    },
    heading({ tokens }: Tokens.Heading) {
      return `<p><strong>${this.parser.parseInline(tokens)}</strong></p>`;
    },
    /** Each item with its mark as it is written. */
    list({ ordered, start, items }: Tokens.List) {
      const inner = items.map(({ raw, tokens }) => {
        const mark = ITEM.exec(raw)?.[1] ?? "";
        return `<li data-mark="${escaped(mark)}">${this.parser.parse(tokens)}</li>`;
      });
      const [name, attribute] = ordered ? ["ol", ` start="${start}"`] : ["ul", ""];
      return `<${name}${attribute}>\n${inner.join("\n")}\n</${name}>\n`;
    },
    link({ href, tokens }: Tokens.Link) {
      return `<a href="${escaped(href)}">${this.parser.parseInline(tokens)}</a>`;
    },
    image({ href, text }: Tokens.Image) {
      return `<a href="${escaped(href)}">${escaped(text || href)}</a>`;
    },
    checkbox({ checked }: Tokens.Checkbox) {
      return checked ? "☑ " : "☐ ";
    },
    html({ text }: Tokens.HTML | Tokens.Tag) {
      return escaped(text);
    },
  },
});

/** HTML that is not to be trusted yet: `sanitize` comes between it and the page. */
export function htmlOf(text: string): string {
  try {
    return marked.parse(text) as string;
  } catch {
    // Nested deeper than the stack.
    return `<p>${escaped(text)}</p>`;
  }
}
