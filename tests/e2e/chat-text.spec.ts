/** What a message may look like: Markdown, code, links, and nothing that does anything. */
import { expect, test } from "vitest";
import { chats } from "./harness/chat";
import { together } from "./harness/stage";

test(
  "Markdown is shown, with code in colours and links that lead out safely",
  together(async (stage) => {
    const [alice, bob] = await chats(stage);
    const code = "export const depth = 12; // metres";
    await alice.field.fill(
      `# Head\n**bold** *slanted* ~~gone~~ \`inline\`\n> quoted\n\n- one\n- two\n\n\`\`\`ts\n${code}\n\`\`\`\nhttps://example.org/a [named](https://example.org/b) <ann@example.org>`,
    );
    await alice.field.press("Enter");
    await bob.sees("Head");
    const message = bob.message("Head");
    for (const [name, text] of [
      ["strong", "Head"],
      ["strong", "bold"],
      ["em", "slanted"],
      ["del", "gone"],
      ["blockquote", "quoted"],
      ["li", "two"],
    ] as const) {
      expect(await message.locator(name, { hasText: text }).count()).toBe(1);
    }
    await message.locator("pre[data-highlighted=true]").waitFor();
    const colors = await message
      .locator("pre span")
      .evaluateAll((all) => new Set(all.map((span) => getComputedStyle(span).color)).size);
    expect(colors).toBeGreaterThan(2);
    await message.locator("pre").hover();
    await message.getByRole("button", { name: "Copy code" }).click();
    await message.getByRole("button", { name: "Copied" }).waitFor();
    expect(await bob.page.evaluate(() => navigator.clipboard.readText())).toBe(code);

    const links = await message
      .locator("a")
      .evaluateAll((all) =>
        all.map((link) => [
          link.getAttribute("href"),
          link.getAttribute("rel"),
          link.getAttribute("target"),
        ]),
      );
    expect(links).toEqual(
      ["https://example.org/a", "https://example.org/b", "mailto:ann@example.org"].map((href) => [
        href,
        "noopener noreferrer",
        "_blank",
      ]),
    );
  }),
);

/** Texts that would do something on a page that trusted them. */
const PAYLOADS = [
  "<script>globalThis.hurt = 1</script>",
  "<img src=x onerror=globalThis.hurt=1>",
  "<svg onload=globalThis.hurt=1>",
  "<svg><script>globalThis.hurt=1</script></svg>",
  "<iframe srcdoc='<script>parent.hurt=1</script>'></iframe>",
  "<body onload=globalThis.hurt=1>",
  "<details open ontoggle=globalThis.hurt=1>",
  "<input autofocus onfocus=globalThis.hurt=1>",
  "<video><source onerror=globalThis.hurt=1></video>",
  "<a href=javascript:globalThis.hurt=1>x</a>",
  "[x](javascript:globalThis.hurt=1)",
  "[x](JaVaScRiPt:globalThis.hurt=1)",
  "[x](&#106;avascript:globalThis.hurt=1)",
  "[x](java&#10;script:globalThis.hurt=1)",
  "[x](<javascript:globalThis.hurt=1>)",
  "[x](data:text/html;base64,PHNjcmlwdD5nbG9iYWxUaGlzLmh1cnQ9MTwvc2NyaXB0Pg==)",
  "[x](vbscript:globalThis.hurt=1)",
  "[x](/#AbC)",
  "[x](#AbC)",
  "[x](//example.org)",
  "[x](file:///etc/passwd)",
  "<javascript:globalThis.hurt=1>",
  "![x](javascript:globalThis.hurt=1)",
  '![x](x" onerror="globalThis.hurt=1)',
  '[x](https://example.org/"onmouseover="globalThis.hurt=1)',
  '[x](https://example.org "\\" onmouseover=\\"globalThis.hurt=1")',
  "`<img src=x onerror=globalThis.hurt=1>`",
  "```html\n<img src=x onerror=globalThis.hurt=1>\n```",
  '```"><img src=x onerror=globalThis.hurt=1>\ncode\n```',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=globalThis.hurt=1&gt;">',
  '<noscript><p title="</noscript><img src=x onerror=globalThis.hurt=1>">',
  "<form><math><mtext></form><form><mglyph><style></math><img src onerror=globalThis.hurt=1>",
  "<style>@import 'https://example.org/x.css'; * { display: none }</style>",
  "<link rel=stylesheet href=https://example.org/x.css>",
  "<meta http-equiv=refresh content='0;url=https://example.org'>",
  "<base href=https://example.org>",
  "<p style='position:fixed;inset:0' id=root class=fixed>x</p>",
  "<template><script>globalThis.hurt=1</script></template>",
  "<x-a is=x onclick=globalThis.hurt=1>x</x-a>",
  "| <img src=x onerror=globalThis.hurt=1> |\n|---|\n| x |",
  "[a]: javascript:globalThis.hurt=1\n\n[a]",
  "https://example.org/<img/src=x/onerror=globalThis.hurt=1>",
  "&lt;img src=x onerror=globalThis.hurt=1&gt;",
  "{{constructor.constructor('globalThis.hurt=1')()}} ${globalThis.hurt=1}",
];

test(
  "a hostile text is shown and does nothing",
  together(async (stage) => {
    const [alice, bob] = await chats(stage);
    const own = (tag: string) => `${tag} @`;
    await alice.write(
      PAYLOADS.map((text, i) => ({ k: "say", text: `${own(`n${i}`)}\n\n${text}`, at: Date.now() })),
    );
    await bob.sees(own(`n${PAYLOADS.length - 1}`));
    for (const [i, payload] of [...PAYLOADS.entries()].reverse()) {
      await bob.scrollTo(own(`n${i}`), -300);
      const found = await bob
        .message(own(`n${i}`))
        .locator(".chat-text")
        .evaluate(inventory);
      expect(found, payload).toEqual({ tags: [], attributes: [], addresses: [] });
    }
    for (const { page } of [alice, bob]) {
      expect(await page.evaluate(() => "hurt" in globalThis)).toBe(false);
      expect(await page.evaluate(() => getComputedStyle(document.body).display)).not.toBe("none");
    }
  }),
);

/** In the page: what a message has that no message may have. */
function inventory(text: Element): { tags: string[]; attributes: string[]; addresses: string[] } {
  const tags =
    /^(P|BR|EM|STRONG|DEL|CODE|PRE|UL|OL|LI|BLOCKQUOTE|A|SPAN|DIV|BUTTON|svg|rect|path)$/;
  const names =
    /^(class|style|start|value|dir|href|title|target|rel|type|tabindex|aria-.+|data-highlighted)$/;
  const icon = /^(xmlns|width|height|viewBox|fill|stroke|stroke-.+|d|x|y|rx|ry)$/;
  const all = [...text.querySelectorAll("*")];
  const addresses = all.flatMap((each) => each.getAttribute("href") ?? []);
  return {
    tags: all.map(({ tagName }) => tagName).filter((tag) => !tags.test(tag)),
    attributes: all
      .flatMap((each) =>
        each.getAttributeNames().filter((name) => !each.closest("svg") || !icon.test(name)),
      )
      .filter((name) => !names.test(name)),
    addresses: addresses.filter((address) => !/^(https?:\/\/|mailto:)/.test(address)),
  };
}
