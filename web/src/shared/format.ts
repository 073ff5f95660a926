/** Numbers, times and roles as words a person reads. */
import type { Role } from "../engine";

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}

/** The first letter of a name as it is written, emoji and accents whole. */
export function initial(name: string): string {
  const first = [...new Intl.Segmenter().segment(name.trim())][0]?.segment;
  return (first ?? "?").toLocaleUpperCase();
}

const rights: Record<Role, string> = {
  replica: "keeps a copy without reading it",
  viewer: "can look",
  participant: "can write",
  moderator: "can write and moderate",
  owner: "owner",
};

export function rightsOf(role: Role): string {
  return rights[role];
}

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/** `in 2 hours`, `yesterday`, `just now`. */
export function relative(at: number, now = Date.now()): string {
  const distance = at - now;
  for (const [unit, size] of units) {
    if (Math.abs(distance) >= size) {
      return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.round(distance / size), unit);
    }
  }
  return distance > 0 ? "in less than a minute" : "just now";
}

const dates = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "short" });

/** `Monday, 7 December 2026 at 14:05`. */
export function dateOf(at: number): string {
  return dates.format(at);
}

export function isOver(expires: number | undefined, now = Date.now()): boolean {
  return expires !== undefined && expires <= now;
}

/** Completes the sentence “The link …”. */
export function expiry(expires: number | undefined, now = Date.now()): string {
  if (expires === undefined) return "does not expire";
  return expires <= now ? `expired ${relative(expires, now)}` : `expires ${relative(expires, now)}`;
}
