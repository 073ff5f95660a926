/** Code in several files: names, order, languages, carets, following, and what viewers may. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { becomes, until } from "./harness/condition";
import type { Person } from "./harness/person";
import { firstLine, lines, shows } from "./harness/editor";
import { together } from "./harness/stage";

/** A text in each language; what it is in is told by colours. */
const SAMPLES: Record<string, string> = {
  "a.js": "const one = 1;",
  "a.ts": "interface One { two: string }",
  "a.py": "def one(): return None",
  "a.rs": "fn main() { let one = 1; }",
  "a.go": "package main\nfunc main() {}",
  "a.c": "int main(void) { return 0; }",
  "a.cpp": "class One { public: int two; };",
  "a.java": "class One { static int two = 3; }",
  "a.html": "<p class='one'>two</p>",
  "a.css": "p { color: red }",
  "a.json": '{ "one": 2 }',
  "a.md": "# One\n\n*two*",
  "a.sql": "SELECT one FROM two;",
};

/** Parts of the text that have a colour of their own; what the editor marks itself is named `cm-…`. */
const colored = (person: Person) =>
  person.editor.evaluate(
    (content) => content.querySelectorAll('.cm-line span[class]:not([class*="cm-"])').length,
  );

test(
  "files are added, renamed, put in order, deleted and brought back, and both see it",
  together(async (stage) => {
    const [alice, bob] = await stage.pair();
    await alice.files.become("[main.js]");
    await alice.files.add("tool.py");
    await alice.page.keyboard.type("one = 1");
    await bob.files.become("[main.js] tool.py");
    await bob.files.open("tool.py");
    await shows(bob, "one = 1");
    await bob.files.add("notes.md");
    await alice.files.become("main.js [tool.py] notes.md");

    await bob.files.rename("notes.md", "README.md");
    await alice.files.become("main.js [tool.py] README.md");
    await bob.page.keyboard.press("Alt+ArrowLeft");
    await alice.files.become("main.js README.md [tool.py]");
    await alice.files
      .tab("main.js")
      .dragTo(alice.files.tab("tool.py"), { targetPosition: { x: 50, y: 12 } });
    await bob.files.become("[README.md] tool.py main.js");

    await alice.files.tab("tool.py").focus();
    await alice.page.keyboard.press("Delete");
    await bob.files.become("[README.md] main.js");
    await alice.files.become("README.md [main.js]");
    await alice.page.getByRole("button", { name: "Undo" }).click();
    await bob.files.become("[README.md] tool.py main.js");
    await bob.files.open("tool.py");
    await shows(bob, "one = 1");
    await until("both have the same", async () => {
      const [one, other] = [await alice.stats(), await bob.stats()];
      return JSON.stringify(one.digests) === JSON.stringify(other.digests);
    });
  }),
);

test(
  "the ending of a name chooses the language, and each language has colours",
  together(async (stage) => {
    const alice = await stage.alone("Languages");
    let name = "main.js";
    for (const [next, text] of Object.entries(SAMPLES)) {
      await alice.files.rename(name, "plain.txt");
      await alice.page.evaluate(async (text) => {
        const view = await globalThis.coveyRoom?.doc("code");
        const shared = view?.doc.getText("file/main");
        shared?.delete(0, shared.length);
        shared?.insert(0, text);
      }, text);
      await shows(alice, text);
      await becomes("colours in plain text", () => colored(alice), 0);
      await alice.files.rename("plain.txt", next);
      await until(`${next} has colours`, async () => (await colored(alice)) > 0);
      name = next;
    }
  }),
);

test(
  "a caret shows in its own file and in no other, and the tabs show the people in each file",
  together(async (stage) => {
    const [alice, bob] = await stage.pair();
    await bob.type("mine", 20);
    await until(
      "Alice sees Bob's caret",
      async () => (await alice.caretOf("Bob"))?.behind === "mine",
    );
    await alice.files.show("main.js", "Bob");
    await bob.files.add("other.ts");
    await bob.page.keyboard.type("there");
    await alice.files.show("other.ts", "Bob");
    await until("his caret has left", async () => (await alice.caretOf("Bob")) === undefined);
    await alice.files.open("other.ts");
    await until("and is here", async () => (await alice.caretOf("Bob"))?.behind === "there");
    expect((await alice.caretOf("Bob"))?.color).toBe(await alice.colorOf("Bob"));
  }),
);

test(
  "following goes to the other's file and scrolls along, until one does something oneself",
  together(async (stage) => {
    const [alice, bob] = await stage.pair();
    await alice.files.add("long.txt");
    await alice.paste(lines(300));
    await alice.goTo("start");
    await bob.page.getByRole("button", { name: "Follow Alice in the code" }).click();
    const strip = bob.page.getByText("Following Alice");
    await strip.waitFor();
    await bob.files.become("main.js [long.txt]");
    for (const end of ["end", "start", "end"] as const) {
      await alice.goTo(end);
      await until(`Alice is at the ${end}`, async () =>
        end === "end" ? (await firstLine(alice)) > 200 : (await firstLine(alice)) === 1,
      );
      await becomes("Bob's first line", () => firstLine(bob), await firstLine(alice));
    }
    await alice.files.open("main.js");
    await bob.files.become("[main.js] long.txt");
    await alice.files.open("long.txt");
    await bob.files.become("main.js [long.txt]");

    // Any key of one's own ends it.
    await bob.editor.focus();
    await bob.page.keyboard.press("ArrowUp");
    await strip.waitFor({ state: "detached" });
    await alice.files.open("main.js");
    await bob.files.show("main.js", "Alice");
    await bob.files.become("main.js [long.txt]");

    // So does the button; and a face in the row of files begins it.
    await bob.files.row.getByRole("button", { name: "Follow Alice" }).click();
    await bob.files.become("[main.js] long.txt");
    await bob.page.getByRole("button", { name: "Stop", exact: true }).click();
    await strip.waitFor({ state: "detached" });
  }),
);

test(
  "a file is copied whole and saved under its name",
  together(async (stage) => {
    const alice = await stage.alone("Taking along");
    await alice.files.add("tool.py");
    await alice.page.keyboard.type("one = 1");
    const choose = async (item: string) => {
      await alice.page.getByRole("button", { name: "What to do with tool.py" }).click();
      await alice.page.getByRole("menuitem", { name: item }).click();
    };
    await choose("Copy all");
    const clipboard = () => alice.page.evaluate(() => navigator.clipboard.readText());
    await becomes("the clipboard", clipboard, "one = 1");
    const [download] = await Promise.all([alice.page.waitForEvent("download"), choose("Download")]);
    expect(download.suggestedFilename()).toBe("tool.py");
    expect(await readFile(await download.path(), "utf8")).toBe("one = 1");
  }),
);

test(
  "a viewer goes through the files, follows, and changes none",
  together(async (stage) => {
    const alice = await stage.alone("To look at");
    await alice.files.add("tool.py");
    await alice.page.keyboard.type("one = 1");
    const vera = stage.person("Vera");
    await vera.join(await alice.invite("viewer"));
    await vera.files.become("[main.js] tool.py");
    expect(await vera.files.row.getByRole("button", { name: "Add a file" }).count()).toBe(0);
    await vera.files.open("tool.py");
    await shows(vera, "one = 1");
    await vera.files.tab("tool.py").focus();
    for (const key of ["F2", "Delete", "Alt+ArrowLeft"]) await vera.page.keyboard.press(key);
    await vera.files.become("main.js [tool.py]");
    await vera.page.getByRole("button", { name: "Follow Alice in the code" }).click();
    await alice.files.open("main.js");
    await vera.files.become("[main.js] tool.py");
    await alice.files.become("[main.js] tool.py");
  }),
);
