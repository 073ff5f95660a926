/** Ten people: everyone is linked to everyone, and what all write at once is the same for all. */
import { expect, test } from "vitest";
import { until } from "./harness/condition";
import { Hall, type Guest } from "./harness/hall";
import { play } from "./harness/stage";

const NAMES = ["Ada", "Bob", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hana", "Ivo", "Jo"];
/** How often each writes. */
const TIMES = 10;
const FILE = "file/main";

test(
  "ten people have 45 links, write at once, and have equal texts",
  play(async (stage) => {
    const hall = await Hall.open(stage.node.origin);
    try {
      const guests: Guest[] = [];
      let link = "";
      for (const name of NAMES) {
        const guest = await hall.guest(name);
        if (link === "") link = await guest.found();
        else await guest.join(link);
        guests.push(guest);
      }
      // Each of the nine others by a direct connection, seen from both its ends.
      for (const guest of guests) await guest.hasPeers(NAMES.length - 1);
      await Promise.all(guests.map(writes));
      const length = NAMES.join("").length * TIMES;
      for (const guest of guests)
        await until(`${guest.name} has all`, async () => (await text(guest)).length === length);
      const texts = await Promise.all(guests.map(text));
      expect(new Set(texts).size).toBe(1);
      for (const name of NAMES) expect(texts[0]?.split(name).length, name).toBe(TIMES + 1);
    } finally {
      await hall.close();
    }
  }),
  180_000,
);

/** Puts its name in front of everything, again and again. */
async function writes(guest: Guest): Promise<void> {
  await guest.page.evaluate(
    async ([file, name, times]) => {
      const view = await globalThis.coveyRoom?.doc("code");
      for (let time = 0; time < times; time += 1) {
        view?.doc.getText(file).insert(0, name);
        await new Promise((resolve) => setTimeout(resolve));
      }
    },
    [FILE, guest.name, TIMES] as const,
  );
}

function text(guest: Guest): Promise<string> {
  return guest.page.evaluate(
    async (file) => (await globalThis.coveyRoom?.doc("code"))?.doc.getText(file).toJSON() ?? "",
    FILE,
  );
}
