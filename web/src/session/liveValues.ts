/** The live values of others, with the people who sent them. */
import { useCallback, useMemo, useSyncExternalStore } from "react";
import type { DocView, Person } from "../engine";
import { useSession } from "./context";
import type { RoomSession } from "./session";

export interface LiveValue<T> {
  readonly client: number;
  readonly person: Person;
  readonly value: T;
}

/** All live values of a topic. Invalid values and values of unknown people are left out. */
export function liveValues<T>(
  session: RoomSession,
  view: DocView,
  topic: string,
  decode: (value: Uint8Array) => T | undefined,
): LiveValue<T>[] {
  return [...view.said(topic)].flatMap(([client, bytes]) => {
    const person = session.personBehind(client);
    const value = decode(bytes);
    return person === undefined || value === undefined ? [] : [{ client, person, value }];
  });
}

/** Calls back when a value of a topic is sent or taken back, and when its sender becomes known. */
export function onLiveValue(
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

/** Plain data selected from the live values of a topic. Renders again when the data changes. */
export function useLiveValues<T, R>(
  view: DocView,
  topic: string,
  decode: (value: Uint8Array) => T | undefined,
  select: (all: readonly LiveValue<T>[]) => R,
): R {
  const session = useSession();
  const watch = useCallback(
    (listener: () => void) => onLiveValue(session, view, [topic], listener),
    [session, view, topic],
  );
  // As text, which is equal when nothing that was asked for has changed.
  const text = useSyncExternalStore(watch, () =>
    JSON.stringify([select(liveValues(session, view, topic, decode))]),
  );
  return useMemo(() => (JSON.parse(text) as [R])[0], [text]);
}
