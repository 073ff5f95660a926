/** Messages are seen as they were written: numbers, paths, indentation, directions, emoji in their place. */
import { expect, test } from "vitest";
import { chats } from "./harness/chat";
import { becomes } from "./harness/condition";
import { together } from "./harness/stage";

test(
  "a message is shown as it was written, and its source can be seen and copied",
  together(async (stage) => {
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
  together(async (stage) => {
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
  together(async (stage) => {
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
