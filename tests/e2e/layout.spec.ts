/** Panels beside each other, as tabs, or alone on small screens; by pointer, by keyboard, and remembered. */
import { expect, test } from "vitest";
import { becomes, until } from "./harness/condition";
import { choose, region, shows, toggle, type Panel } from "./harness/panels";
import type { Person } from "./harness/person";
import { together, type Stage } from "./harness/stage";

async function alone(stage: Stage, width = 1440, height = 900): Promise<Person> {
  const alice = stage.person("Alice", { width, height });
  await alice.arrive();
  await alice.createRoom("Panels");
  return alice;
}

async function widthOf(person: Person, panel: Panel): Promise<number> {
  return Math.round((await region(person, panel).boundingBox())?.width ?? 0);
}

/** The panel that the keyboard is in, or the header. */
const focused = (person: Person) =>
  person.page.evaluate(() => {
    const panel = document.activeElement?.closest<HTMLElement>("[data-panel]")?.dataset.panel;
    return panel ?? document.activeElement?.closest("header")?.tagName.toLowerCase() ?? "";
  });

const focusIs = (person: Person, wanted: string) =>
  becomes("where the keyboard is", () => focused(person), wanted);

test(
  "panels are beside each other, hide, come back and share a place as tabs",
  together(async (stage) => {
    const alice = await alone(stage);
    await shows(alice, "Code | Chat | People");
    await toggle(alice, "Chat").click();
    await shows(alice, "Code | People");
    await toggle(alice, "Chat").click();
    await shows(alice, "Code | Chat | People");

    await toggle(alice, "Board").click();
    await shows(alice, "Board | Chat | People");
    await alice.page.getByRole("tab", { name: "Code" }).click();
    await shows(alice, "Code | Chat | People");
    await choose(alice, "Code", "Move beside");
    await shows(alice, "Board | Code | Chat | People");
    await choose(alice, "People", "Place below Chat");
    await shows(alice, "Board | Code | Chat / People");
    await choose(alice, "Chat", "Join tabs of Code");
    await shows(alice, "Board | Chat | People");
    await choose(alice, "Board", "Hide Board");
    await shows(alice, "Chat | People");
    await choose(alice, "Chat", "Reset the layout");
    await shows(alice, "Code | Chat | People");
  }),
);

test(
  "a tab is dragged beside a panel, and into the tabs of another",
  together(async (stage) => {
    const alice = await alone(stage);
    const name = (panel: Panel) =>
      alice.page
        .getByRole("heading", { name: panel })
        .or(alice.page.getByRole("tab", { name: panel }));
    const dropOn = async (panel: Panel, dragged: Panel, across: number) => {
      const box = await region(alice, panel).boundingBox();
      const at = { x: (box?.width ?? 0) * across, y: (box?.height ?? 0) / 2 };
      // What takes the drop lies over the panel, and only while something is dragged.
      await name(dragged).dragTo(region(alice, panel), { targetPosition: at, force: true });
    };
    await dropOn("Code", "People", 0.05);
    await shows(alice, "People | Code | Chat");
    await dropOn("Chat", "People", 0.5);
    await shows(alice, "Code | People");
    expect(await alice.page.getByRole("tab").allInnerTexts()).toEqual([
      "Chat",
      expect.stringMatching(/^People/),
    ]);
  }),
);

test(
  "a splitter is moved by keyboard, and all is as it was after a reload",
  together(async (stage) => {
    const alice = await alone(stage);
    await choose(alice, "People", "Move left");
    await shows(alice, "Code | People | Chat");
    const before = await widthOf(alice, "Code");
    await alice.page.getByRole("separator").first().focus();
    for (let step = 0; step < 3; step += 1) await alice.page.keyboard.press("ArrowLeft");
    await until("the panel is narrower", async () => (await widthOf(alice, "Code")) < before - 20);
    const after = await widthOf(alice, "Code");
    await alice.reload();
    await shows(alice, "Code | People | Chat");
    await becomes("the width", () => widthOf(alice, "Code"), after);

    await toggle(alice, "Chat").click();
    await alice.reload();
    await shows(alice, "Code | People");
  }),
);

test(
  "a panel keeps its text, caret and undo when it is moved or hidden",
  together(async (stage) => {
    const alice = await alone(stage);
    await alice.type("one", 20);
    const editor = await alice.editor.elementHandle();
    await choose(alice, "Code", "Move right");
    await shows(alice, "Chat | Code | People");
    await toggle(alice, "Code").click();
    await shows(alice, "Chat | People");
    await toggle(alice, "Code").click();
    await shows(alice, "Chat | Code | People");
    expect(await alice.editor.evaluate((now, then) => now === then, editor)).toBe(true);

    await alice.page.keyboard.press("Alt+1");
    await focusIs(alice, "code");
    await alice.page.keyboard.type("two");
    await alice.hasText("onetwo");
    await alice.page.keyboard.press("ControlOrMeta+Z");
    await alice.page.keyboard.press("ControlOrMeta+Z");
    await alice.hasText("");
  }),
);

test(
  "a person who types goes on at the same place when the screen becomes small and large again",
  together(async (stage) => {
    const alice = await alone(stage);
    await alice.type("ad", 20);
    await alice.page.keyboard.press("ArrowLeft");
    await alice.page.setViewportSize({ width: 390, height: 844 });
    await shows(alice, "Code");
    await alice.page.keyboard.type("b");
    await alice.hasText("abd");
    await alice.page.setViewportSize({ width: 1440, height: 900 });
    await shows(alice, "Code | Chat | People");
    await alice.page.keyboard.type("c");
    await alice.hasText("abcd");
  }),
);

test(
  "a small screen shows one panel at a time",
  together(async (stage) => {
    const alice = await alone(stage);
    await alice.page.setViewportSize({ width: 1024, height: 768 });
    await shows(alice, "Code | People / Chat");
    await alice.page.setViewportSize({ width: 390, height: 844 });
    await shows(alice, "Code");
    for (const panel of ["People", "Chat", "Board", "Code"] as const) {
      await alice.page.getByRole("radio", { name: new RegExp(`^${panel}`) }).click();
      await shows(alice, panel);
    }
    await alice.page.keyboard.press("Alt+4");
    await shows(alice, "People");
    const sideways = await alice.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(sideways).toBe(0);
  }),
);

test(
  "the sheet of shortcuts lists every panel",
  together(async (stage) => {
    const alice = await alone(stage);
    await toggle(alice, "People").focus();
    await alice.page.keyboard.press("?");
    const sheet = alice.page.getByRole("dialog", { name: "Keyboard shortcuts" });
    for (const list of ["The room", "Code", "Chat", "Board"]) {
      const keys = sheet.getByRole("group", { name: list, exact: true }).locator("kbd");
      await keys.first().waitFor();
    }
    // The dialog keeps the keyboard.
    await alice.page.keyboard.press("Alt+1");
    await sheet.waitFor();
    await alice.page.keyboard.press("Escape");
    await sheet.waitFor({ state: "detached" });

    // In text it is a character.
    await alice.page.keyboard.press("Alt+1");
    await alice.page.keyboard.type("?");
    await alice.hasText("?");
  }),
);

test(
  "every part of the page is reached by keyboard alone",
  together(async (stage) => {
    const alice = await alone(stage);
    const press = (key: string) => alice.page.keyboard.press(key);
    await press("Alt+1");
    await focusIs(alice, "code");
    await press("F6");
    await focusIs(alice, "chat");
    await press("F6");
    await focusIs(alice, "people");
    await press("F6");
    await focusIs(alice, "header");
    await press("Shift+F6");
    await focusIs(alice, "people");
    await press("Alt+2");
    await shows(alice, "Board | Chat | People");
    await focusIs(alice, "board");

    // From the tabs to the menu, and away with the panel: the focus goes to the button that brings it back.
    await alice.page.getByRole("tab", { name: "Board" }).focus();
    await press("ArrowLeft");
    await shows(alice, "Code | Chat | People");
    await press("ArrowRight");
    await shows(alice, "Board | Chat | People");
    await alice.page.getByRole("button", { name: "Arrange Board" }).focus();
    await press("Enter");
    await alice.page.getByRole("menuitem", { name: "Hide Board" }).focus();
    await press("Enter");
    await shows(alice, "Code | Chat | People");
    const named = () =>
      alice.page.evaluate(() => document.activeElement?.getAttribute("data-switch") ?? "");
    await becomes("the button in focus", named, "board");
    await press("Enter");
    await shows(alice, "Board | Chat | People");
  }),
);
