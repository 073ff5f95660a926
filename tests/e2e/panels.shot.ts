/** A picture of every panel with something in it, made by two people. */
import { test } from "vitest";
import { ChatPanel } from "./harness/chat";
import { until } from "./harness/condition";
import type { Person } from "./harness/person";
import { NARROW, Pictures, WIDE } from "./harness/pictures";
import { play, type Stage } from "./harness/stage";

const CODE = [
  "// What the probe in the lake said last night, hour by hour.",
  "const degrees = [11.4, 11.1, 10.9, 10.8, 11.0, 11.6];",
  "",
  "export function coldest(values: readonly number[]): number {",
  "  return Math.min(...values);",
  "}",
  "",
  "console.log(`coldest: ${coldest(degrees)} °C`);",
].join("\n");

const QUERY = [
  "SELECT buoy, min(celsius) AS coldest",
  "FROM readings",
  "WHERE taken_at > now() - interval '1 day'",
  "GROUP BY buoy",
  "ORDER BY coldest;",
].join("\n");

const ANSWER = [
  "Found it: the clock of the **third buoy** runs an hour late. This mends it:",
  "",
  "```ts",
  "const taken = new Date(reading.at - LATE * 3_600_000);",
  "```",
  "",
  "- see https://example.org/buoys",
  "- and run `npm test` *before* you push",
].join("\n");

async function panels(stage: Stage, dark: boolean): Promise<void> {
  const pictures = new Pictures(dark);
  const alice = stage.person("Alice", { dark, ...WIDE });
  await alice.arrive();
  await alice.createRoom("Lake survey");
  const bob = stage.person("Bob", { dark, ...WIDE });
  await bob.join(await alice.invite());
  await alice.sees("Bob", "direct");

  await alice.paste(CODE);
  await bob.hasText(CODE);
  await talk(alice, bob);
  await pictures.both(alice, "room");
  await files(alice, bob);
  await pictures.both(alice, "code");

  await draw(alice, 0);
  await bob.page.getByRole("button", { name: "Board", exact: true }).click();
  await draw(bob, 1);
  await pictures.both(alice, "board");

  await alice.page.setViewportSize(WIDE);
  for (const other of ["Board", "People"]) {
    await alice.page.getByRole("button", { name: other, exact: true, pressed: true }).click();
  }
  await new ChatPanel(alice).message("Found it").hover();
  await pictures.both(alice, "chat");
  await thread(alice, bob);
  await pictures.both(alice, "chat-thread");

  await alice.page.setViewportSize(NARROW);
  for (const panel of ["Code", "Board", "Chat", "People"]) {
    await alice.page.getByRole("radio", { name: new RegExp(`^${panel}`) }).click();
    await alice.page.getByRole("region", { name: panel, exact: true }).waitFor();
    if (panel === "Board") await canvasOf(alice).waitFor();
    if (panel === "Chat") await new ChatPanel(alice).thread.getByRole("article").last().waitFor();
    await pictures.take(alice, panel.toLowerCase());
  }
}

async function talk(alice: Person, bob: Person): Promise<void> {
  const [hers, his] = [await ChatPanel.of(alice), await ChatPanel.of(bob)];
  const day = 86_400_000;
  const now = Date.now();
  await hers.write([
    { k: "say", text: "Shall we look at the readings tomorrow?", at: now - day },
    { k: "say", text: "The third buoy is *odd* again.", at: now - day + 60_000 },
  ]);
  await his.sees("is odd again");
  const asked = await his.write([
    { k: "say", text: "Good morning! I had a look: is it the clock?", at: now - 240_000 },
  ]);
  await hers.sees("is it the clock?");
  await hers.write([
    { k: "say", text: ANSWER, at: now - 120_000 },
    { k: "react", of: asked, emoji: "👍", on: true },
    { k: "say", text: "I thought so too.", at: now - 90_000, re: asked },
  ]);
  await his.sees("Found it");
  await his.write([
    { k: "say", text: "Great, thank you 🎉", at: now - 30_000 },
    { k: "say", text: "It was late in the logs as well.", at: now - 20_000, re: asked },
  ]);
  await hers.sees("Great, thank you");
  await hers.list.locator("[data-highlighted=true]").waitFor();
}

async function thread(alice: Person, bob: Person): Promise<void> {
  const [hers, his] = [await ChatPanel.of(alice), await ChatPanel.of(bob)];
  await hers.message("is it the clock?").getByRole("button", { name: /repl/ }).click();
  await hers.thread.getByText("late in the logs").waitFor();
  await his.field.pressSequentially("And");
  await hers.region.getByText(/Bob is typing/).waitFor();
}

async function files(alice: Person, bob: Person): Promise<void> {
  await alice.files.add("readings.sql");
  await alice.page.keyboard.insertText(QUERY);
  await bob.files.open("readings.sql");
  await bob.goTo("end");
  await until("Alice sees where Bob is", () => alice.caretOf("Bob"));
}

/** A few shapes, a stroke and a word, in a column of one's own. */
async function draw(person: Person, column: number): Promise<void> {
  const { page } = person;
  const board = page.getByRole("region", { name: "Board", exact: true });
  if (!(await board.isVisible())) {
    await page.getByRole("button", { name: "Board", exact: true }).click();
  }
  const canvas = canvasOf(person);
  await canvas.waitFor();
  const box = await canvas.boundingBox();
  if (!box) throw new Error("the board has no size");
  const x = box.x + box.width * (column === 0 ? 0.35 : 0.8);
  const y = box.y + box.height * 0.35;
  const drag = async (tool: string, [left, top, right, bottom]: number[]) => {
    await page.keyboard.press(tool);
    await page.mouse.move(x + (left ?? 0), y + (top ?? 0));
    await page.mouse.down();
    await page.mouse.move(x + (right ?? 0), y + (bottom ?? 0), { steps: 12 });
    await page.mouse.up();
  };
  await canvas.click({ position: { x: box.width / 2, y: box.height - 120 } });
  await drag(column === 0 ? "r" : "o", [0, 0, 100, 60]);
  await drag("a", [60, 80, 70, 140]);
  await drag("p", [0, 160, 90, 190]);
  await page.keyboard.press("t");
  await page.mouse.click(x + 10, y + 220);
  await page.keyboard.type(column === 0 ? "North bay" : "Old pier");
  await page.keyboard.press("Escape");
}

function canvasOf({ page }: Person) {
  return page.getByRole("region", { name: "Board", exact: true }).locator("canvas.interactive");
}

for (const dark of [false, true]) {
  test(
    `panels, ${dark ? "dark" : "light"}`,
    play((stage) => panels(stage, dark)),
  );
}
