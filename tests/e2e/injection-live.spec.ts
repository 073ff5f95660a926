/** What people say in passing, in bytes that nobody of ours says, does nothing to those who hear it. */
import { test } from "vitest";
import { Board } from "./harness/board";
import { ChatPanel } from "./harness/chat";
import { until } from "./harness/condition";
import { PAYLOADS } from "./harness/payloads";
import type { Person } from "./harness/person";
import { together } from "./harness/stage";
import { drawn, Trap } from "./harness/trap";

const PATIENT = 300_000;

test(
  "script in live values does not run",
  together(async (stage) => {
    const [alice, bob] = await stage.pair();
    await ChatPanel.of(alice);
    await new Board(alice).open();
    const trap = await Trap.set(alice);
    const topics = {
      chat: ["typing", "read"],
      board: ["pointer", "draft", "view"],
      code: ["view"],
    };
    for (const [document, names] of Object.entries(topics)) {
      for (const topic of [...names, "__proto__", "constructor"]) {
        for (const payload of PAYLOADS.filter((_, i) => i % 4 === 0)) {
          const value = [...new TextEncoder().encode(payload)].slice(0, 4_000);
          await say(bob, document, topic, value);
          await heard(alice, document, topic, value.length);
        }
        for (const value of [
          [0],
          [255, 255],
          Array<number>(4_000).fill(255),
          [4, 0, 109, 97, 105, 110],
        ]) {
          await say(bob, document, topic, value);
          await heard(alice, document, topic, value.length);
        }
      }
      await drawn(alice);
      await trap.holds(`live in ${document}`);
    }
  }),
  PATIENT,
);

function say({ page }: Person, document: string, topic: string, value: number[]): Promise<void> {
  return page.evaluate(
    async ([document, topic, value]) => {
      const view = await globalThis.coveyRoom?.doc(document);
      view?.say(topic, new Uint8Array(value));
    },
    [document, topic, value] as const,
  );
}

function heard(alice: Person, document: string, topic: string, length: number): Promise<true> {
  return until(`Alice hears ${topic}`, () =>
    alice.page.evaluate(
      async ([document, topic, length]) => {
        const view = await globalThis.coveyRoom?.doc(document);
        return [...(view?.said(topic).values() ?? [])].some((value) => value.length === length);
      },
      [document, topic, length] as const,
    ),
  );
}
