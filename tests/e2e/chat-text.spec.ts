/** What a message may look like: Markdown, code, links, and nothing that does anything. */
import { expect, test } from "vitest";
import { chats } from "./harness/chat";
import { becomes } from "./harness/condition";
import { play } from "./harness/stage";

test(
  "Markdown, with code in colours and links that lead out safely",
  play(async (stage) => {
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

test(
  "what was written is shown as it was written, and its source can be seen and copied",
  play(async (stage) => {
    const [alice, bob] = await chats(stage);
    const said = async (text: string) => {
      await alice.field.focus();
      // As people paste it; lines of their own would send it.
      await alice.page.evaluate((text) => navigator.clipboard.writeText(text), text);
      await alice.page.keyboard.press("ControlOrMeta+V");
      await becomes("Alice's field", () => alice.field.inputValue(), text);
      await alice.field.press("Enter");
    };
    const date = "14. August 2017 is the date\n16. August is not";
    await said(date);
    await bob.sees("August 2017");
    const list = bob.message("August 2017").locator("ol");
    expect(await list.getAttribute("start")).toBe("14");
    expect(
      await list
        .locator("li")
        .evaluateAll((all) => all.map((item) => (item as HTMLLIElement).value)),
    ).toEqual([14, 16]);

    const path = String.raw`C:\Users\x\.ssh, ~3~5 minutes, 2*3*4 and __init__ &amp; <tag>`;
    await said(path);
    await bob.sees("minutes");
    expect(await bob.message("minutes").locator(".chat-text").innerText()).toBe(path);

    const pasted = "    def depth():\n        return 12\n\tand more";
    await said(pasted);
    await bob.sees("return 12");
    const text = bob.message("return 12").locator(".chat-text p");
    expect(await text.innerText()).toBe(pasted);
    // Seen, too, and not only there.
    const indents = await text.evaluate((paragraph) =>
      [...paragraph.childNodes].flatMap((node) => {
        if (!(node instanceof Text)) return [];
        const range = document.createRange();
        range.setStart(node, node.data.search(/\S/));
        range.setEnd(node, node.data.length);
        return Math.round(
          range.getBoundingClientRect().left - paragraph.getBoundingClientRect().left,
        );
      }),
    );
    expect(indents[0]).toBeGreaterThan(10);
    expect(indents[1]).toBeGreaterThan((indents[0] ?? 0) * 1.8);
    expect(indents[2]).toBeGreaterThan(10);

    await bob.act("August 2017", "Show source");
    const source = bob.page.getByRole("dialog", { name: "Source of the message" });
    expect(await source.getByLabel("Source").inputValue()).toBe(date);
    expect(await source.getByLabel("Source").getAttribute("readonly")).not.toBeNull();
    await source.getByRole("button", { name: "Copy" }).click();
    await source.getByRole("button", { name: "Copied" }).waitFor();
    expect(await bob.page.evaluate(() => navigator.clipboard.readText())).toBe(date);
    await bob.page.keyboard.press("Escape");
    await source.waitFor({ state: "hidden" });
  }),
);

test(
  "each part of a message is read in its own direction, and so is what is being written",
  play(async (stage) => {
    const [alice, bob] = await chats(stage);
    await alice.field.fill("שלום");
    const direction = () => alice.field.evaluate((field) => getComputedStyle(field).direction);
    expect(await direction()).toBe("rtl");
    await alice.field.fill(
      "Hello mixed\nשלום בשורה\n\nשלום לכולם\n\n> ציטוט\n\n1. אחת\n\n- one\n\n```\nlet x = 1;\n```\n`npm run` של הבניין",
    );
    expect(await direction()).toBe("ltr");
    await alice.field.press("Enter");
    await bob.sees("Hello mixed");
    const text = bob.message("Hello mixed").locator(".chat-text");
    const seen = await text.evaluate((text) => {
      const { left, right } = text.getBoundingClientRect();
      const style = (selector: string) => getComputedStyle(text.querySelector(selector) ?? text);
      /** Nearer to which side the words of each line stand. */
      const sides = [...text.querySelectorAll("p, li")].flatMap((block) =>
        [...block.childNodes].flatMap((node) => {
          if (!(node instanceof Text)) return [];
          const range = document.createRange();
          range.selectNodeContents(node);
          const box = range.getBoundingClientRect();
          return box.left - left < right - box.right ? "left" : "right";
        }),
      );
      return {
        sides,
        bar: [style("blockquote").borderLeftWidth, style("blockquote").borderRightWidth],
        marks: [...text.querySelectorAll("li")].map((item) => getComputedStyle(item).direction),
        code: [style("pre").direction, style("p code").direction],
      };
    });
    expect(seen).toEqual({
      sides: ["left", "right", "right", "right", "right", "left", "right"],
      bar: ["0px", "3px"],
      marks: ["rtl", "ltr"],
      code: ["ltr", "ltr"],
    });
  }),
);

test(
  "an emoji goes where the caret is, and the caret behind it",
  play(async (stage) => {
    const [alice] = await chats(stage);
    await alice.field.focus();
    await alice.page.keyboard.type("one two");
    for (let i = 0; i < 4; i += 1) await alice.page.keyboard.press("ArrowLeft");
    for (const name of ["fire", "rocket"]) {
      await alice.region.getByRole("button", { name: "Add an emoji" }).first().click();
      await alice.page.getByLabel("Search emoji").fill(name);
      await alice.page.getByRole("gridcell", { name, exact: true }).click();
      await alice.field.and(alice.page.locator(":focus")).waitFor();
    }
    await alice.page.keyboard.type("!");
    await becomes("Alice's field", () => alice.field.inputValue(), "one🔥🚀! two");
    // Each is a step that can be undone.
    await alice.page.keyboard.press("ControlOrMeta+Z");
    await alice.page.keyboard.press("ControlOrMeta+Z");
    await becomes("Alice's field", () => alice.field.inputValue(), "one🔥 two");
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
  "no text does anything: it is shown, and nothing else is",
  play(async (stage) => {
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
