import { beforeEach, expect, test, vi } from "vitest";
import { forgetRoom } from "../../shared/roomMemory";
import { Memory } from "./memory";
import { Reading } from "./reading";
import { idOf } from "./records";
import type { Message } from "./slot";
import { Timeline } from "./timeline";

const store = new Map<string, string>();
const ROOM = "room";

beforeEach(() => {
  store.clear();
  vi.stubGlobal("localStorage", {
    get length() {
      return store.size;
    },
    key: (at: number) => [...store.keys()][at] ?? null,
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => void store.set(key, value),
    removeItem: (key: string) => void store.delete(key),
  });
  vi.stubGlobal("addEventListener", () => undefined);
});

const YEAR = 365 * 86_400_000;

function message(
  client: number,
  clock: number,
  options: { at?: number; re?: `${number}.${number}` } = {},
): Message {
  const { at = Date.now(), re } = options;
  const timeline = new Timeline();
  const value = { k: "say", text: "x", at, ...(re && { re }) };
  timeline.take([{ member: `m${client}`, client, clock, lamport: clock, value }]);
  const made = timeline.get(idOf({ client, clock }));
  if (!made) throw new Error("no message");
  return made;
}

/** Of somebody who has all that was said before. */
function reading(): [Reading, Memory] {
  const memory = new Memory(ROOM);
  memory.begin();
  return [new Reading(memory), memory];
}

test("a message of others is new until it is read, also after coming back", () => {
  const [before, memory] = reading();
  const messages = [message(1, 1), message(2, 1), message(2, 2)];
  before.came(messages, "m1");
  expect(before.count).toBe(2);
  expect(before.first?.id).toBe("2.1");
  before.readList();
  expect(before.count).toBe(0);
  memory.flush();

  const [after] = reading();
  after.came([...messages, message(2, 3)], "m1");
  expect(after.count).toBe(1);
  expect(after.first?.id).toBe("2.3");
});

test("the history that a newcomer receives is not new, also after a reload in the middle of it", () => {
  const memory = new Memory(ROOM);
  const now = new Reading(memory);
  const [ahead, reply] = [message(1, 1, { at: Date.now() + YEAR }), message(1, 2, { re: "1.1" })];
  now.came([ahead, reply], "me");
  expect(now.count).toBe(0);
  memory.flush();

  const again = new Memory(ROOM);
  const after = new Reading(again);
  after.came([ahead, reply, message(2, 3)], "me");
  again.begin();
  after.came([message(2, 4), message(1, 5, { re: "1.1" })], "me");
  expect([after.count, after.inList, after.first?.id]).toEqual([2, 1, "2.4"]);
  again.flush();

  const [last] = reading();
  last.came([ahead, reply, message(2, 3), message(2, 4)], "me");
  expect(last.count).toBe(1);
});

test.each([-60_000, -YEAR, YEAR])(
  "an author's clock that is %d ms off makes a message no less new",
  (off) => {
    const [now] = reading();
    now.came(
      [message(1, 1, { at: Date.now() + off }), message(1, 2, { at: Date.now() + off, re: "1.1" })],
      "me",
    );
    expect(now.count).toBe(2);
  },
);

test("memory of an earlier version: older messages are not new, later unread ones are", () => {
  const since = Date.now() - 1_000;
  store.set(`covey.chat.${ROOM}`, JSON.stringify({ since, seen: [[2, 5]] }));
  const memory = new Memory(ROOM);
  const now = new Reading(memory);
  now.came(
    [message(1, 1, { at: since - 1 }), message(2, 5, { at: since + 1 }), message(2, 6, { at: since + 1 })],
    "me",
  );
  expect([now.count, now.first?.id]).toEqual([1, "2.6"]);
  memory.begin();
  now.came([message(1, 9, { at: since - YEAR })], "me");
  expect(now.count).toBe(2);
});

test("messages read of very many pages stay read", () => {
  const [before, memory] = reading();
  const messages = Array.from({ length: 1_200 }, (_, i) => message(i + 1, i + 1));
  before.came(messages, "me");
  before.readList();
  memory.flush();
  const [after] = reading();
  after.came([...messages, message(2_000, 1_201, { at: 1 })], "me");
  expect(after.count).toBe(1);
});

test("a message that comes onto the screen is read at once and gets no mark", () => {
  const [now] = reading();
  now.attentive = true;
  now.came([message(1, 1)], "me");
  expect([now.count, now.first]).toEqual([0, undefined]);
  now.attentive = false;
  now.came([message(1, 2)], "me");
  now.readList();
  expect(now.first?.id).toBe("1.2");
  now.unmark();
  expect(now.first).toBeUndefined();
});

test("a message that comes late and belongs further up is new, and the mark goes up to it", () => {
  const [now] = reading();
  now.came([message(1, 9)], "me");
  now.came([message(2, 3)], "me");
  expect(now.first?.id).toBe("2.3");
  expect(now.inList).toBe(2);
});

test("replies are new until their thread is opened", () => {
  const [before, memory] = reading();
  const first = message(1, 1);
  const replies = [message(2, 2, { re: "1.1" }), message(2, 3, { re: "9.9" })];
  before.came([first, ...replies, message(2, 4)], "me");
  before.readList();
  expect(before.count).toBe(2);
  expect(before.inThread("1.1")).toBe(1);
  before.readThread("1.1");
  expect(before.count).toBe(1);
  memory.flush();

  const [after] = reading();
  after.came([first, ...replies, message(2, 4)], "me");
  expect([after.inList, after.inThread("1.1"), after.inThread("9.9")]).toEqual([0, 0, 1]);
});

test("a removed message is not new", () => {
  const [now] = reading();
  now.came([message(1, 1), message(1, 2)], "me");
  now.left(["1.1"]);
  expect(now.count).toBe(1);
});

test("drafts are kept per place and gone when the room is forgotten", () => {
  const [, memory] = reading();
  memory.setDraft("", "half a");
  memory.setDraft("1.1", "reply");
  memory.flush();
  expect(new Memory(ROOM).draft("")).toBe("half a");
  expect(new Memory(ROOM).draft("1.1")).toBe("reply");
  expect(new Memory("other").draft("")).toBe("");
  forgetRoom(ROOM);
  expect(new Memory(ROOM).draft("")).toBe("");
});

test.each(["", "null", "7", "[]", '{"seen":{"a":1},"later":7,"drafts":[1,[2]],"since":"x"}', "{"])(
  "a damaged memory %j is an empty one",
  (text) => {
    store.set(`covey.chat.${ROOM}`, text);
    const memory = new Memory(ROOM);
    expect(memory.draft("")).toBe("");
    expect(memory.hasSeen({ ...message(1, 1), at: 1 })).toBe(true);
  },
);
