/** Markdown to HTML for chat: a small dialect, in which HTML, images and tables are just text. */
import { Marked, type Tokens } from "marked";

const plain = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => plain[character as keyof typeof plain]);
}

const none = () => undefined;

const marked = new Marked({
  async: false,
  gfm: true,
  breaks: true,
  // What is no token stays text, and text is escaped.
  tokenizer: { html: none, tag: none, table: none, hr: none, def: none, code: none },
  renderer: {
    heading({ tokens }: Tokens.Heading) {
      return `<p><strong>${this.parser.parseInline(tokens)}</strong></p>`;
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
