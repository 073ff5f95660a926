import { beforeEach, expect, test, vi } from "vitest";
import type { Room, Terms } from "../engine";

const NOW = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;

/** Links say what they were made with; one's own ends at `end`. */
let end: number | undefined;
vi.mock("../engine", () => ({
  engine: () =>
    Promise.resolve({
      inspect: (link: string) =>
        Promise.resolve({ expires: (JSON.parse(link) as { expires?: number }).expires }),
    }),
}));
const room = {
  invite: (terms: Terms) => Promise.resolve(JSON.stringify({ expires: end, ...terms })),
} as Room;

const { linkFor, rememberedExpiry, rememberExpiry } = await import("./linkExpiry");

beforeEach(() => {
  end = undefined;
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
});

test("a link holds a week unless something else was chosen, which is remembered", () => {
  expect(rememberedExpiry()).toBe("week");
  rememberExpiry("never");
  expect(rememberedExpiry()).toBe("never");
  localStorage.setItem("covey.lasting", "for a thousand years");
  expect(rememberedExpiry()).toBe("week");
});

test.each([
  ["day", undefined, DAY, false],
  ["week", undefined, 7 * DAY, false],
  ["never", undefined, undefined, false],
  ["week", 30 * DAY, 7 * DAY, false],
  ["week", 6 * DAY, 6 * DAY, true],
  ["never", 6 * DAY, 6 * DAY, true],
] as const)(
  "a link for a %s, with one's own ending after %s ms, holds %s ms",
  async (expiry, own, expected, capped) => {
    end = own === undefined ? undefined : NOW + own;
    const made = await linkFor(room, { role: "viewer" }, expiry, NOW);
    const expires = expected === undefined ? undefined : NOW + expected;
    expect(made).toMatchObject({ expires, capped });
    expect(JSON.parse(made.link)).toEqual({ role: "viewer", ...(expires !== undefined && { expires }) });
  },
);

test("a person whose own link has ended invites nobody", async () => {
  end = NOW - 1;
  await expect(linkFor(room, { role: "viewer" }, "day", NOW)).rejects.toThrow("has ended");
});
