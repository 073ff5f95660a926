/** Where a link is after it was opened: nowhere that the page has a say in. */
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { until } from "./harness/condition";
import type { Person } from "./harness/person";
import { play, type Stage } from "./harness/stage";

const secretOf = (link: string) => link.slice(link.indexOf("#") + 1);

async function invited(stage: Stage): Promise<string> {
  const alice = await stage.alone("Traces");
  return alice.invite();
}

test(
  "the address is clean before the page's own modules have come",
  play(async (stage) => {
    const link = await invited(stage);
    const bob = stage.person("Bob");
    await bob.browser.start();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await bob.page.route(/assets\/index-[^/]+\.js$/, async (route) => {
      await held;
      await route.continue();
    });
    await bob.page.goto(link, { waitUntil: "commit" });
    await until("the page's frame is there", () =>
      bob.page.evaluate(() => document.getElementById("root") !== null),
    );
    expect(bob.page.url()).not.toContain("#");
    release();
    await bob.page.getByRole("button", { name: "Join room" }).waitFor();
  }),
);

test(
  "the page keeps a link in no storage, state, cache, title or address, before and after joining",
  play(async (stage) => {
    const link = await invited(stage);
    const secret = secretOf(link);
    const bob = stage.person("Bob");
    await bob.arrive(link);
    await bob.page.getByRole("button", { name: "Join room", disabled: false }).waitFor();
    await bob.page.getByText("Your browser keeps this link in its history").waitFor();
    expect(await tracesIn(bob, secret)).toEqual([]);

    await bob.page.getByLabel("Your name").fill("Bob");
    await bob.page.getByRole("button", { name: "Join room" }).click();
    await bob.inRoom();
    await bob.saved();
    await bob.offlineReady();
    expect(await tracesIn(bob, secret)).toEqual([]);
    expect(bob.browser.asked.filter((url) => url.includes(secret)).length).toBeLessThanOrEqual(1);

    // History, favicons and sessions are the browser's own, and the page says so to a person who opens a link.
    await bob.browser.close();
    const files = await filesWith(stage.path("1-Bob"), secret);
    console.log(`files of the browser that name the link: ${files.join(", ") || "none"}`);
    expect(files.filter((file) => /Storage|IndexedDB|Service Worker|Cache/.test(file))).toEqual([]);
  }),
);

test(
  "a link that was not used is forgotten with the page, which says so",
  play(async (stage) => {
    const link = await invited(stage);
    const bob = stage.person("Bob");
    await bob.arrive(link);
    await bob.page.getByRole("button", { name: "Join room", disabled: false }).waitFor();
    await bob.page.reload();
    await bob.page.getByText("A link was open here.").waitFor();
    expect(await bob.page.getByRole("button", { name: "Join room" }).count()).toBe(0);
    await bob.page.goto(link);
    await bob.page.getByRole("button", { name: "Join room" }).waitFor();
  }),
);

test(
  "a link ends after a week unless something else is chosen, which is remembered",
  play(async (stage) => {
    const link = await invited(stage);
    const [alice] = stage.people;
    if (!alice) throw new Error("nobody is there");
    expect(await daysOf(alice, link)).toBeCloseTo(7, 1);

    const { page } = alice;
    await page.getByRole("button", { name: "Invite", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(/^Until \w+day, /).waitFor();
    await dialog.getByRole("radio", { name: "never" }).click();
    await dialog.getByText("It holds until the end of the room.").waitFor();
    await page.keyboard.press("Escape");
    expect(await daysOf(alice, await alice.invite())).toBeUndefined();
    await alice.reload();
    const open = await alice.invite();
    expect(await daysOf(alice, open)).toBeUndefined();

    // A person who came by a link makes none that holds longer.
    const bob = stage.person("Bob");
    await bob.join(link);
    await until("Bob is let in", async () => (await bob.status()).admitted);
    await bob.page.getByRole("button", { name: "Invite", exact: true }).click();
    await bob.page.getByRole("dialog").getByRole("radio", { name: "in 1 month" }).click();
    await bob.page.getByText(/^Until .*no longer than the link you came by/).waitFor();
  }),
);

/** The places of the page, as its scripts see it, that name a secret. */
function tracesIn(person: Person, secret: string): Promise<string[]> {
  return person.page.evaluate(async (secret) => {
    const found: string[] = [];
    const look = (where: string, what: unknown) => {
      const text = typeof what === "string" ? what : JSON.stringify([what]);
      if (text.includes(secret)) found.push(where);
    };
    look("address", location.href);
    look("title", document.title);
    look("state of the history", history.state);
    look("local storage", Object.entries(localStorage));
    look("session storage", Object.entries(sessionStorage));
    look("cookies", document.cookie);
    look("name of the window", window.name);
    const { navigation } = window as unknown as {
      navigation: { entries(): { url: string; getState(): unknown }[] };
    };
    for (const entry of navigation.entries()) {
      look("entry of the history", entry.url);
      look("state of an entry", entry.getState());
    }
    for (const { href } of document.querySelectorAll<HTMLLinkElement>("link[rel~=icon]"))
      look("icon", href);
    for (const { name } of performance.getEntriesByType("resource")) look("request", name);
    for (const name of await caches.keys()) {
      look("name of a cache", name);
      for (const { url } of await (await caches.open(name)).keys()) look("cache", url);
    }
    return found;
  }, secret);
}

/** In how many days a link ends. */
function daysOf(person: Person, link: string): Promise<number | undefined> {
  return person.page.evaluate(async (link) => {
    const info = await globalThis.covey?.inspect(link);
    return info?.expires === undefined ? undefined : (info.expires - Date.now()) / 86_400_000;
  }, link);
}

/** Files of a profile that name a secret, in either width of letters. */
async function filesWith(folder: string, secret: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const needles = [Buffer.from(secret, "utf8"), Buffer.from(secret, "utf16le")];
  const found: string[] = [];
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    if (needles.some((needle) => bytes.includes(needle))) found.push(relative(folder, path));
  }
  return found;
}
