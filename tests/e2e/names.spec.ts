/** Names that look like somebody else's, or like nothing at all. */
import { expect, test } from "vitest";
import { chats } from "./harness/chat";
import { until } from "./harness/condition";
import type { Person } from "./harness/person";
import { together } from "./harness/stage";

test(
  "a name that nobody could see is no name",
  together(async (stage) => {
    const alice = stage.person("Alice");
    await alice.arrive();
    const { page } = alice;
    await page.getByLabel("Your name").fill("\u3164\u200b\u202e");
    await page.getByRole("button", { name: "Create room" }).click();
    await page.getByText("Nobody could see this name").waitFor();
    expect(await page.evaluate(() => globalThis.coveyRoom === undefined)).toBe(true);
  }),
);

test(
  "names and titles may have their full length in every script, and longer ones are reported",
  together(async (stage) => {
    const title =
      "展覧会の準備をする人たちの部屋、毎週金曜日の午後三時から五時まで、初めての人も大歓迎です、どうぞ";
    const name = "👨‍👩‍👧‍👦 फ़ातिमा ज़हरा क्षत्रिय भूमिका";
    const alice = stage.person("Alice");
    await alice.arrive();
    const { page } = alice;
    const create = page.getByRole("button", { name: "Create room" });
    await page.getByLabel("Title").fill(title);
    await page.getByLabel("Your name").fill("x".repeat(45));
    await page.getByText("Too long by 5 characters: there is room for 40.").waitFor();
    await create.click();
    await page.getByLabel("Your name").and(page.locator(":focus")).waitFor();
    await page.getByLabel("Your name").fill(name);
    await page.getByLabel("Title").fill(`${"é".repeat(80)}e\u0301`);
    await page.getByText("Too long by 1 character: there is room for 80.").waitFor();
    await create.click();
    await page.getByLabel("Title").and(page.locator(":focus")).waitFor();
    expect(await page.evaluate(() => globalThis.coveyRoom === undefined)).toBe(true);

    await page.getByLabel("Title").fill(title);
    await create.click();
    await alice.inRoom();
    const bob = stage.person("Bob");
    await bob.arrive(await alice.invite());
    await bob.page.getByRole("heading", { name: title, exact: true }).waitFor();
    await bob.page.getByLabel("Your name").fill("Bob");
    await bob.page.getByRole("button", { name: "Join room" }).click();
    await bob.inRoom();
    await bob.page.getByRole("heading", { name: title, exact: true }).waitFor();
    const people = bob.page.getByRole("region", { name: "People" });
    await people.getByText(name, { exact: true }).waitFor();
  }),
);

test(
  "people whose names look alike are distinguished in the list and in the chat",
  together(async (stage) => {
    const [alice, bob] = await chats(stage);
    expect(await marksIn(alice.person)).toEqual([]);
    // Cyrillic letters, an invisible one, and a turn of direction.
    await rename(bob.person, "\u202eАl\u200biсе");
    await until("both are marked", async () => (await marksIn(alice.person)).length === 2);
    const marks = await marksIn(alice.person);
    expect(new Set(marks).size).toBe(2);
    expect(marks.every((mark) => /^#[0-9a-f]{4,}$/.test(mark))).toBe(true);
    expect((await marksIn(bob.person)).sort()).toEqual([...marks].sort());

    await bob.say("send me the key");
    const said = await alice.message("send me the key").innerText();
    const digits = await alice.page.evaluate(
      () => globalThis.coveyRoom?.people.find(({ self }) => !self)?.id.slice(0, 4) ?? "",
    );
    expect(said).toContain(`#${digits}`);
    const name = await alice.page.evaluate(
      () => globalThis.coveyRoom?.people.find(({ self }) => !self)?.name,
    );
    expect(name).toBe("Аliсе");

    await rename(bob.person, "Robert");
    await until("nobody is marked", async () => (await marksIn(alice.person)).length === 0);
  }),
);

test(
  "a name from right to left does not move the text beside it",
  together(async (stage) => {
    const [alice, bob] = await chats(stage);
    await rename(bob.person, "עדה 123");
    await bob.say("hello");
    const row = alice.message("hello");
    await row.locator("bdi", { hasText: "עדה" }).waitFor();
    const [name, time] = await Promise.all([
      row.locator("bdi").boundingBox(),
      row.locator("time").first().boundingBox(),
    ]);
    expect(name && time && name.x + name.width <= time.x).toBe(true);
  }),
);

/** The marks in the list of people. */
function marksIn(person: Person): Promise<string[]> {
  return person.page
    .getByRole("region", { name: "People" })
    .getByText(/^#[0-9a-f]+$/)
    .allInnerTexts();
}

async function rename(person: Person, name: string): Promise<void> {
  await person.page.evaluate((name) => globalThis.coveyRoom?.setName(name), name);
}
