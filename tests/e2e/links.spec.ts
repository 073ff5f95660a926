/** Damaged links are refused, and the page says so in a sentence. */
import type { Terms } from "../../wasm/ts/types";
import { expect, test } from "vitest";
import { PATIENCE } from "./harness/condition";
import { play, together } from "./harness/stage";
import { damaged } from "./harness/words";

const LINKS = 1_000;
/** How many of them are pasted by hand; the others are opened as addresses. */
const PASTED = 50;

test(
  "1,000 links with one character changed are all refused",
  together(async (stage) => {
    const alice = await stage.alone("Behind a link");
    const link = await alice.invite();
    const links = damaged(link, LINKS);
    expect(links.filter((other) => other === link)).toEqual([]);

    const visitor = stage.person("Visitor");
    await visitor.arrive();
    const { page } = visitor;
    await page.getByRole("button", { name: "Create room" }).waitFor();

    for (const damaged of links.slice(0, PASTED)) {
      await page.getByLabel("Invite link").fill(damaged);
      await page.keyboard.press("Enter");
      await page.getByRole("alert").waitFor();
      expect(await page.getByRole("alert").innerText()).toMatch(SENTENCE);
      expect(await page.getByRole("button", { name: "Join room" }).count()).toBe(0);
      await page.getByRole("button", { name: "Start page" }).click();
    }

    const fragments = links.slice(PASTED).map((link) => link.slice(link.indexOf("#")));
    const said = await page.evaluate(openAll, fragments);
    expect(said).toHaveLength(LINKS - PASTED);
    expect(said.filter((sentence) => !SENTENCE.test(sentence))).toEqual([]);
    expect(await page.evaluate(() => globalThis.coveyRoom === undefined)).toBe(true);
    expect(page.url()).not.toContain("#");

    // The link itself is good: what was refused was the change.
    await page.goto(link);
    await page.getByRole("button", { name: "Join room" }).waitFor();
  }),
  300_000,
);

test(
  "a link is read in the address bar and in the field with other text stuck to it",
  together(async (stage) => {
    const alice = await stage.alone("Stuck");
    const link = await alice.invite();

    const visitor = stage.person("Visitor");
    await visitor.arrive();
    const { page } = visitor;
    const goesBack = async () => {
      await page.getByRole("heading", { name: "Stuck" }).waitFor();
      expect(page.url()).not.toContain("#");
      await page.getByRole("button", { name: "Start page" }).click();
    };
    for (const end of [")", "。", "?fbclid=IwAR0-_a", "\u200b", "_", "%20=%0A"]) {
      await page.goto(link + end);
      await goesBack();
    }
    const broken = link.replaceAll(/.{70}/g, "$&=\n");
    for (const text of [
      `${broken}\nSee you`,
      `<${link}>, come!`,
      `> ${broken.replaceAll("\n", "\n> ")}`,
    ]) {
      await page.evaluate((text) => navigator.clipboard.writeText(text), text);
      await page.getByLabel("Invite link").focus();
      await page.keyboard.press("ControlOrMeta+V");
      await page.keyboard.press("Enter");
      await goesBack();
    }
  }),
);

test(
  "a link that has ended by the newcomer's clock is tried, and one that has ended by the members' clocks is refused",
  play(async (stage) => {
    const alice = await stage.alone("For an hour");
    const link = await alice.page.evaluate(
      () =>
        globalThis.coveyRoom?.invite({ role: "participant", expires: Date.now() + 3_600_000 }) ??
        "",
    );

    const early = stage.person("Early");
    await early.browser.start();
    await early.page.clock.setSystemTime(Date.now() + 2 * 3_600_000);
    await early.page.goto(link);
    await early.page.getByText("By this device’s clock the link expired").waitFor();
    await early.page.getByLabel("Your name").fill("Early");
    await early.page.getByRole("button", { name: "Join room" }).click();
    await early.inRoom();
    await alice.sees("Early", "direct");
    await early.type("let in", 10);
    await alice.hasText("let in");

    await alice.saved();
    await alice.browser.close();
    await early.browser.close();
    const over = stage.person("Over");
    await alice.browser.start();
    await alice.page.clock.setSystemTime(Date.now() + 2 * 3_600_000);
    await alice.page.goto(alice.browser.origin);
    await alice.page
      .getByRole("button", { name: /For an hour/ })
      .first()
      .click();
    await alice.inRoom();
    await over.arrive(link);
    await over.page.getByLabel("Your name").fill("Over");
    await over.page.getByRole("button", { name: "Join room" }).click();
    await over.page.getByText("did not accept your invitation").waitFor({ timeout: PATIENCE });
  }),
);

test(
  "terms that nobody could use are refused with a sentence",
  together(async (stage) => {
    const alice = await stage.alone("Terms");
    const link = await alice.invite();
    const bad = [
      { role: "participant", uses: 0 },
      { role: "participant", uses: -1 },
      { role: "participant", uses: 1.5 },
      { role: "participant", uses: NaN },
      { role: "participant", expires: 0 },
      { role: "participant", expires: NaN },
      { role: "participant", expires: Date.now() - 1_000 },
      { role: "replica" },
    ] as const;
    const said = await alice.page.evaluate(
      async ([link, bad]) => {
        const { covey, coveyRoom } = globalThis;
        if (!covey || !coveyRoom) throw new Error("no room is open");
        const refused = (made: Promise<string>) =>
          made.then(
            () => "made",
            (error: unknown) => (error instanceof Error ? error.message : error),
          );
        return Promise.all(
          bad.flatMap((terms) => [
            refused(coveyRoom.invite(terms)),
            refused(covey.attenuate(link, terms)),
          ]),
        );
      },
      [link, bad] as const,
    );
    const term = (terms: Terms) =>
      terms.role === "replica" ? "role" : "uses" in terms ? "uses" : "expires";
    const wanted = bad.map((terms) => `terms-useless ${JSON.stringify({ term: term(terms) })}`);
    expect(said).toEqual(wanted.flatMap((each) => [each, each]));
  }),
);

/** Something about the link, with a full stop. */
const SENTENCE = /\blink\b[^]*\.$/i;

/** In the page: opens one link after the other, and collects what is said about each. */
async function openAll(fragments: string[]): Promise<string[]> {
  const shown = (): HTMLElement | undefined =>
    document.querySelector<HTMLElement>("[role=alert]") ?? undefined;
  const joinable = () =>
    [...document.querySelectorAll("button")].some((button) => button.textContent === "Join room");
  const seen = <T>(look: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const check = () => {
        const found = look();
        if (found === undefined) return;
        observer.disconnect();
        clearTimeout(deadline);
        resolve(found);
      };
      const observer = new MutationObserver(check);
      const deadline = setTimeout(() => {
        observer.disconnect();
        reject(new Error(`nothing was said: ${document.body.innerText}`));
      }, 10_000);
      observer.observe(document.body, { subtree: true, childList: true, characterData: true });
      check();
    });

  const said: string[] = [];
  for (const fragment of fragments) {
    location.hash = fragment;
    const alert = await seen(shown);
    said.push(joinable() ? `may be joined: ${fragment}` : alert.innerText);
    const back = [...document.querySelectorAll("button")].find((button) =>
      button.textContent.includes("Start page"),
    );
    back?.click();
    await seen(() => (shown() === undefined ? true : undefined));
  }
  return said;
}
