/** A viewer sees everything and changes nothing, neither with an honest page nor with a changed one. */
import { expect, test } from "vitest";
import { Board } from "./harness/board";
import { ChatPanel } from "./harness/chat";
import { becomes, until } from "./harness/condition";
import type { Person } from "./harness/person";
import { settings } from "./harness/settings";
import { play, together, type Stage } from "./harness/stage";

const TEXT = "readbyeverybody";

/** A room of two, and a link for viewers that Bob made by narrowing his own, without the network. */
async function roomAndViewersLink(stage: Stage): Promise<[Person, Person, string]> {
  const alice = await stage.alone("For viewers too");
  const own = await alice.invite();
  const bob = stage.person("Bob");
  await bob.join(own);
  await alice.sees("Bob", "direct");
  await alice.type(TEXT, 20);
  await bob.hasText(TEXT);
  const link = await bob.page.evaluate(async (own) => {
    const { covey } = globalThis;
    if (!covey) throw new Error("the page does not offer its engine");
    return covey.attenuate(own, { role: "viewer" });
  }, own);
  expect(link).not.toBe(own);
  return [alice, bob, link];
}

test(
  "a viewer sees everything and cannot write",
  together(async (stage) => {
    const [alice, bob, link] = await roomAndViewersLink(stage);
    const vera = stage.person("Vera");
    await vera.join(link);
    await vera.hasText(TEXT);
    await alice.sees("Vera", "direct");
    expect(await vera.shown()).toBe(TEXT);

    await vera.editor.click();
    await vera.page.keyboard.type("scribble");
    await alice.goTo("end");
    await alice.type("andmore", 20);
    for (const person of [alice, bob, vera]) await person.hasText(`${TEXT}andmore`);
    expect(await vera.shown()).toBe(`${TEXT}andmore`);
  }),
);

test(
  "a viewer whose page skips its own checks changes nobody's document, and the refusals are counted",
  play(async (stage) => {
    const [alice, bob, link] = await roomAndViewersLink(stage);
    const mallory = stage.person("Mallory", { site: settings.misbehavingSite });
    await mallory.join(link);
    await mallory.hasText(TEXT);
    await Promise.all([alice.sees("Mallory", "direct"), bob.sees("Mallory", "direct")]);
    const before = { alice: await alice.stats(), bob: await bob.stats() };

    await mallory.page.evaluate(async () => {
      const view = await globalThis.coveyRoom?.doc("code");
      const text = view?.doc.getText("file/main");
      for (let i = 0; i < 10; i += 1) text?.insert(0, "evil");
      text?.delete(0, 3);
    });

    for (const [person, then] of [
      [alice, before.alice],
      [bob, before.bob],
    ] as const) {
      await until(`${person.name} refuses it and counts it`, async () => {
        const { refused } = await person.stats();
        return total(refused) > total(then.refused);
      });
      expect(await person.text()).toBe(TEXT);
      expect(await person.shown()).toBe(TEXT);
      expect((await person.stats()).digests).toEqual(then.digests);
    }

    // The honest two go on.
    await alice.goTo("end");
    await alice.type("goeson", 20);
    await becomes("Bob's text", () => bob.text(), `${TEXT}goeson`);
    expect(await alice.text()).toBe(`${TEXT}goeson`);
  }),
);

test(
  "a person with a link for the chat alone writes there, and the editor and the board say why not in them",
  together(async (stage) => {
    const alice = await stage.alone("Talk only");
    await alice.type(TEXT, 20);
    const link = await alice.invite("participant", ["Code", "Board"]);
    const bob = stage.person("Bob");
    await bob.join(link);
    await bob.hasText(TEXT);
    await alice.sees("Bob", "direct");
    const said = (panel: string) =>
      bob.page.getByRole("region", { name: panel }).getByText(/your link is for the chat/);
    await said("Code").waitFor();
    await bob.editor.click();
    await bob.page.keyboard.type("scribble");

    await (await ChatPanel.of(bob)).say("I may talk");
    await (await ChatPanel.of(alice)).message("I may talk").waitFor();
    expect(await bob.shown()).toBe(TEXT);
    expect(await alice.text()).toBe(TEXT);
    expect(total((await alice.stats()).refused)).toBe(0);

    await new Board(bob).open();
    await said("Board").waitFor();
  }),
);

function total(refused: Record<string, number>): number {
  return Object.values(refused).reduce((sum, count) => sum + count, 0);
}
