/** News of people who begin and stop recording. */
import type { Attendee } from "../../../engine";

export function recordingNews(
  before: readonly Attendee[],
  after: readonly Attendee[],
): { began: Attendee[]; ended: Attendee[] } {
  const others = (all: readonly Attendee[]) => all.filter(({ self, recording }) => recording && !self);
  return { began: without(others(after), others(before)), ended: without(others(before), others(after)) };
}

function without(all: readonly Attendee[], known: readonly Attendee[]): Attendee[] {
  return all.filter(({ client }) => !known.some((other) => other.client === client));
}
