import { expect, test } from "vitest";
import { htmlOf } from "./html";

test.each([
  [
    "**bold** *it* ~~gone~~ `x < y`",
    "<p><strong>bold</strong> <em>it</em> <del>gone</del> <code>x &lt; y</code></p>\n",
  ],
  ["two\nlines", "<p>two<br>lines</p>\n"],
  ["# Head *it*", "<p><strong>Head <em>it</em></strong></p>"],
  ["```js\n1 < 2\n```", '<pre><code class="language-js">1 &lt; 2\n</code></pre>\n'],
  ["- [x] done", '<ul>\n<li data-mark="-">☑ done</li>\n</ul>\n'],
  ["see https://example.org.", '<p>see <a href="https://example.org">https://example.org</a>.</p>\n'],
  ["www.example.org", '<p><a href="http://www.example.org">www.example.org</a></p>\n'],
  ["ann@example.org", '<p><a href="mailto:ann@example.org">ann@example.org</a></p>\n'],
  ["![cat](https://x.org/c.png)", '<p><a href="https://x.org/c.png">cat</a></p>\n'],
])("%j is %j", (text, html) => {
  expect(htmlOf(text)).toBe(html);
});

test.each([
  "<b>bold</b>",
  "<script>alert(1)</script>",
  "a\n<img src=x onerror=alert(1)>\nb",
  "<!-- comment -->",
  "| a | b |\n|---|---|\n| 1 | 2 |",
  "[name]: /address",
  "    indented",
  "***",
])("%j stays as it is written", (text) => {
  const shown = htmlOf(text)
    .replaceAll(/<\/?p>|\n/g, "")
    .replaceAll("<br>", "\n")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">");
  expect(shown.trim()).toBe(text.trim());
});

test.each([">", "> ", "- ", "[", "*a **b ", "~~a", "`a``", "![", "<a", "__a_", "(", "*", "[a](", "\\"])(
  "a text of nothing but %j is rendered all the same",
  (piece) => {
    const text = piece.repeat(Math.floor(16_000 / piece.length));
    expect(htmlOf(text)).not.toBe("");
  },
);
