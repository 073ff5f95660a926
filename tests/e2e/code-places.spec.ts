/** Where one is in a text: kept while one is elsewhere, and found again by undo and redo. */
import { test } from "vitest";
import { becomes, until } from "./harness/condition";
import { firstLine, lines, shows } from "./harness/editor";
import { together } from "./harness/stage";

test(
  "undo takes back one's own edits in each file, also after a visit to another",
  together(async (stage) => {
    const [alice, bob] = await stage.pair();
    await alice.type("alice", 20);
    await bob.hasText("alice");
    await bob.goTo("end");
    await bob.type("bob", 20);
    await alice.hasText("alicebob");
    await alice.files.add("two.txt");
    await alice.page.keyboard.type("second");
    await alice.files.open("main.js");
    await alice.page.keyboard.press("ControlOrMeta+Z");
    await becomes("what is left", () => bob.text(), "bob");
    await alice.files.open("two.txt");
    await shows(alice, "second");
    await alice.page.keyboard.press("ControlOrMeta+Z");
    await until("nothing is left of it", () => alice.editor.locator(".cm-placeholder").isVisible());
    await alice.page.keyboard.press("ControlOrMeta+Shift+Z");
    await shows(alice, "second");
    await alice.files.open("main.js");
    await alice.page.keyboard.press("ControlOrMeta+Shift+Z");
    await alice.hasText("alicebob");
  }),
);

test(
  "undo and redo scroll to what they change, wherever one went meanwhile",
  together(async (stage) => {
    const alice = await stage.alone("Taken back");
    await alice.paste(lines(200));
    // An edit made after coming back is a step of its own.
    await alice.files.add("two.txt");
    await alice.files.open("main.js");
    await alice.goTo("end");
    await alice.page.keyboard.type(" more");
    const isAt = (place: "start" | "end") =>
      until(`Alice is at the ${place}`, async () => {
        const first = await firstLine(alice);
        return place === "start" ? first === 1 : first > 100;
      });
    await alice.goTo("start");
    await isAt("start");
    await alice.page.keyboard.press("ControlOrMeta+Z");
    await alice.hasText(lines(200));
    await isAt("end");
    await alice.goTo("start");
    await isAt("start");
    await alice.page.keyboard.press("ControlOrMeta+Shift+Z");
    await alice.hasText(`${lines(200)} more`);
    await isAt("end");
    await alice.page.keyboard.type("!");
    await alice.hasText(`${lines(200)} more!`);

    // By the wheel, with the caret where it was, and after having been in another file.
    await alice.files.open("two.txt");
    await alice.files.open("main.js");
    await alice.editor.hover();
    await until("Alice has scrolled to the start", async () => {
      await alice.page.mouse.wheel(0, -2_000);
      return (await firstLine(alice)) === 1;
    });
    await alice.page.keyboard.press("ControlOrMeta+Z");
    await alice.hasText(`${lines(200)} more`);
    await isAt("end");
  }),
);

test(
  "one's place in a file is kept while others write above",
  together(async (stage) => {
    const [alice, bob] = await stage.pair();
    await alice.paste(lines(200));
    await bob.hasText(lines(200));
    await alice.goTo("end");
    await until("Alice is at the end", async () => (await firstLine(alice)) > 100);
    const before = await firstLine(alice);
    await alice.files.add("two.txt");
    await bob.goTo("start");
    await bob.type("above", 20);
    await alice.hasText(`above${lines(200)}`);
    // By keyboard, out of the text of one and into that of the other.
    await alice.page.keyboard.press("Alt+PageUp");
    await alice.files.become("[main.js] two.txt");
    await becomes("the first line", () => firstLine(alice), before);
    await alice.page.keyboard.type("!");
    await alice.hasText(`above${lines(200)}!`);
  }),
);
