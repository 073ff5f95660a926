/** The page with a fifth panel, the one of `examples/panel`, as anybody would build it. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { becomes } from "./harness/condition";
import { choose, region, shows, toggle } from "./harness/panels";
import { Person } from "./harness/person";
import { settings } from "./harness/settings";
import { play } from "./harness/stage";

const repository = fileURLToPath(new URL("../../", import.meta.url));
let site = "";

/** The page that is tested elsewhere, with another list of panels: the engine is the same. */
beforeAll(async () => {
  site = await mkdtemp(join(tmpdir(), "covey-notes-"));
  const web = join(repository, "web");
  await promisify(execFile)(
    process.execPath,
    [
      join(web, "node_modules/vite/bin/vite.js"),
      ...["build", "--logLevel", "error", "--emptyOutDir", "--outDir", site],
    ],
    {
      cwd: web,
      env: {
        ...process.env,
        NODE_ENV: "production",
        COVEY_PANELS: join(repository, "examples/panel/panels.ts"),
      },
    },
  );
}, 180_000);

afterAll(() => rm(site, { recursive: true, force: true }));

const notes = (person: Person) => region(person, "Notes");

/** What somebody's notes say, in their order. */
const texts = (person: Person) =>
  notes(person)
    .getByRole("listitem")
    .evaluateAll((all) =>
      all.map((item) => item.querySelector("input")?.value ?? item.textContent).join(" | "),
    );

async function add(person: Person, text: string): Promise<void> {
  const field = notes(person).getByLabel("Another note");
  await field.fill(text);
  await field.press("Enter");
  await becomes(`${person.name}'s field`, () => field.inputValue(), "");
}

test(
  "two people write notes together, and a viewer is told to be one",
  play(async (stage) => {
    const alice = stage.person("Alice", { site, width: 1440 });
    await alice.arrive();
    await alice.createRoom("With notes");
    const bob = stage.person("Bob", { site, width: 1440 });
    await bob.join(await alice.invite());
    await alice.sees("Bob", "direct");
    for (const person of [alice, bob]) {
      await person.page.keyboard.press("Alt+6");
      await shows(person, "Code | Notes | People");
    }
    const see = (wanted: string) =>
      Promise.all(
        [alice, bob].map((person) =>
          becomes(`${person.name}'s notes`, () => texts(person), wanted),
        ),
      );
    await add(alice, "milk");
    await see("milk");
    await add(bob, "bread");
    await see("milk | bread");
    const milk = notes(bob).getByLabel("Note", { exact: true }).first();
    await milk.fill("oat milk");
    await milk.press("Enter");
    await see("oat milk | bread");
    await notes(alice).getByRole("button", { name: "Delete: bread" }).click();
    await see("oat milk");

    const vera = stage.person("Vera", { site, width: 1440 });
    await vera.join(await alice.invite("viewer"));
    await vera.page.keyboard.press("Alt+6");
    await becomes("Vera's notes", () => texts(vera), "oat milk");
    await notes(vera).getByText("Your link lets you look. You see all notes").waitFor();
    expect(await notes(vera).getByRole("textbox").count()).toBe(0);

    // The sheet has the keys of the panel, and its digit.
    await toggle(alice, "Notes").focus();
    await alice.page.keyboard.press("?");
    const sheet = alice.page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await sheet.getByText("Go to Code, Board, Chat, People, Call, Notes").waitFor();
    await sheet.getByRole("group", { name: "Notes", exact: true }).waitFor();
  }),
);

test(
  "an arrangement of the page without the panel stays as it is, and does so again without it",
  play(async (stage) => {
    const profile = stage.path("alice");
    /** Alice's device, with one build of the page or the other. */
    const at = async (site: string) => {
      const alice = new Person("Alice", profile, stage.node.origin, { site, width: 1440 });
      stage.people.push(alice);
      await alice.arrive();
      return alice;
    };
    const again = async (before: Person, site: string) => {
      await before.saved();
      await before.browser.close();
      const alice = await at(site);
      await alice.reopen("Arranged");
      return alice;
    };
    let alice = await at(settings.site);
    await alice.createRoom("Arranged");
    await choose(alice, "People", "Move left");
    await choose(alice, "Chat", "Join tabs of Code");
    await alice.page.getByRole("tab", { name: "Code" }).click();
    await shows(alice, "Code | People");

    alice = await again(alice, site);
    await shows(alice, "Code | People");
    expect(await toggle(alice, "Notes").getAttribute("aria-pressed")).toBe("false");
    await toggle(alice, "Notes").click();
    // It opens where the chat is by now.
    await shows(alice, "Notes | People");
    await choose(alice, "Notes", "Place below People");
    await shows(alice, "Code | People / Notes");

    alice = await again(alice, settings.site);
    await shows(alice, "Code | People");
    expect(await toggle(alice, "Notes").count()).toBe(0);
  }),
);
