/** What others say in passing, with who they are. */
import { useCallback, useMemo, useSyncExternalStore } from "react";
import type { DocView, Person } from "../engine";
import { useSession } from "./context";
import type { RoomSession } from "./session";

export interface Saying<T> {
  readonly client: number;
  readonly person: Person;
  readonly value: T;
}

/** All that is said about a topic; what is not in order, or of somebody unknown, counts as not said. */
export function sayings<T>(
  session: RoomSession,
  view: DocView,
  topic: string,
  decode: (value: Uint8Array) => T | undefined,
): Saying<T>[] {
  return [...view.said(topic)].flatMap(([client, bytes]) => {
    const person = session.personBehind(client);
    const value = decode(bytes);
    return person === undefined || value === undefined ? [] : [{ client, person, value }];
  });
}

/** Calls back when somebody says something about a topic, takes it back, or becomes known. */
export function onSaid(
  session: RoomSession,
  view: DocView,
  topics: readonly string[],
  listener: () => void,
): () => void {
  const unhear = view.on("said", ({ topic }) => {
    if (topics.includes(topic)) listener();
  });
  const unwatch = session.state.subscribe(({ people }, before) => {
    if (people !== before.people) listener();
  });
  return () => {
    unhear();
    unwatch();
  };
}

/** Something plain made of what is said about a topic; renders again when that is another. */
export function useSaid<T, R>(
  view: DocView,
  topic: string,
  decode: (value: Uint8Array) => T | undefined,
  select: (all: readonly Saying<T>[]) => R,
): R {
  const session = useSession();
  const watch = useCallback(
    (listener: () => void) => onSaid(session, view, [topic], listener),
    [session, view, topic],
  );
  // As text, which is equal when nothing that was asked for has changed.
  const text = useSyncExternalStore(watch, () =>
    JSON.stringify([select(sayings(session, view, topic, decode))]),
  );
  return useMemo(() => (JSON.parse(text) as [R])[0], [text]);
}
