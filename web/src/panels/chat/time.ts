/** Moments as a person reads them in a chat. All of them are labels: no order depends on them. */
import { relative } from "../../shared/format";
import { isSameDay } from "./calendar";

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const whole = new Intl.DateTimeFormat("en", { dateStyle: "full", timeStyle: "short" });
const date = new Intl.DateTimeFormat("en", { dateStyle: "full" });
const dayOfYear = new Intl.DateTimeFormat("en", { weekday: "long", day: "numeric", month: "long" });
const day = new Intl.DateTimeFormat("en", { day: "numeric", month: "long", year: "numeric" });

/** Messages of one person closer than this stand together. */
const TOGETHER = 5 * 60_000;

/** `14:32`. */
export function timeOf(at: number): string {
  return clock.format(at);
}

/** `2:32` for `2:32 PM`. */
export function digitsOf(at: number): string {
  return timeOf(at).replace(/[^\d:.]/g, "");
}

/** `Friday, 20 November 2026 at 14:32`. */
export function momentOf(at: number): string {
  return whole.format(at);
}

/** `Friday, 20 November 2026`. */
export function dateOf(at: number): string {
  return date.format(at);
}

/** `2 hours ago`. A time later than now, by its author's clock, counts as now. */
export function agoOf(at: number, now = Date.now()): string {
  return relative(Math.min(at, now), now);
}

/** `Today`, `Yesterday`, `Friday, November 20`, or the date of another year. */
export function dayOf(at: number, now = Date.now()): string {
  const today = new Date(now);
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (isSameDay(at, now)) return "Today";
  if (isSameDay(at, yesterday.getTime())) return "Yesterday";
  return new Date(at).getFullYear() === today.getFullYear() ? dayOfYear.format(at) : day.format(at);
}

/** Whether a message stands together with the one before it, without a head of its own. */
export function standTogether(
  before: { member: string; at: number; removed: boolean } | undefined,
  message: { member: string; at: number; removed: boolean },
): boolean {
  return (
    before !== undefined &&
    !before.removed &&
    !message.removed &&
    before.member === message.member &&
    Math.abs(message.at - before.at) < TOGETHER &&
    isSameDay(before.at, message.at)
  );
}
