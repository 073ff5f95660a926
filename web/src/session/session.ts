/** An open room as all its views share it: the people here, one's rights, the person one follows, what panels keep. */
import { createStore, type StoreApi } from "zustand";
import type { Person, Room, Status } from "../engine";
import { cleanName, marksOf } from "../shared/names";
import { tellNotices } from "./notices";
import { mayWriteIn, type Rights } from "./rights";
import { Sheets } from "./sheets";

/** Whom one follows, and in which panel. */
export interface Followed {
  readonly member: string;
  readonly panel: string;
}

export interface RoomState {
  people: readonly Person[];
  /** Marks of members whose names look like somebody else's, by member. */
  marks: ReadonlyMap<string, string>;
  /** One's rights. They grow when one is admitted. */
  rights: Rights;
  status: Status;
  followed: Followed | undefined;
}

/** The state that a panel keeps while a room is open, whether it is on show or not. */
export interface PerRoom<T> {
  readonly make: (session: RoomSession) => T;
  /** The room is left. */
  readonly close?: (kept: T) => void;
}

/** Declares what is made for each room when it is first asked for: `session.of(it)`. */
export function perRoom<T>(make: PerRoom<T>["make"], close?: (kept: T) => void): PerRoom<T> {
  return close ? { make, close } : { make };
}

export class RoomSession {
  readonly state: StoreApi<RoomState>;
  readonly sheets = new Sheets();
  private readonly kept = new Map<object, { value: unknown; close: () => void }>();
  private readonly stops: readonly (() => void)[];

  constructor(
    readonly room: Room,
    private readonly keepName: (name: string) => void,
  ) {
    this.state = createStore(() => ({ ...this.standing(), ...this.named(), followed: undefined }));
    this.stops = [
      room.on("people", () => this.peopleChanged()),
      room.on("status", () => this.state.setState(this.standing())),
      tellNotices(room),
    ];
    globalThis.coveyRoom = room;
  }

  get people(): readonly Person[] {
    return this.state.getState().people;
  }

  /** One's own member id, once one has a place in the room. */
  get self(): string | undefined {
    return this.people.find(({ self }) => self)?.id;
  }

  person(member: string | undefined): Person | undefined {
    return this.people.find(({ id }) => id === member);
  }

  /** The person who writes and speaks under a client id, as far as it is known. */
  personBehind(client: number): Person | undefined {
    return this.person(this.room.author(client));
  }

  /** Takes a new name for oneself, here and for rooms to come. */
  rename(name: string): void {
    this.keepName(name);
    this.room.setName(name);
  }

  mayWrite(document: string): boolean {
    return mayWriteIn(this.state.getState().rights, document);
  }

  /** Goes where a person goes in a panel, instead of following whomever one followed before. */
  follow(member: string, panel: string): void {
    const { followed } = this.state.getState();
    if (followed?.member === member && followed.panel === panel) return;
    this.state.setState({ followed: { member, panel } });
  }

  unfollow(): void {
    if (this.state.getState().followed) this.state.setState({ followed: undefined });
  }

  /** The one of its kind in this room, made when it is first asked for. */
  of<T>(kind: PerRoom<T>): T {
    const known = this.kept.get(kind);
    if (known) return known.value as T;
    const value = kind.make(this);
    this.kept.set(kind, { value, close: () => kind.close?.(value) });
    return value;
  }

  /** Removes the listeners, and what the panels keep. The code that opened the room leaves it. */
  close(): void {
    for (const stop of this.stops) stop();
    for (const { close } of this.kept.values()) close();
    this.kept.clear();
    globalThis.coveyRoom = undefined;
  }

  private peopleChanged(): void {
    const { followed } = this.state.getState();
    this.state.setState({ ...this.standing(), ...this.named() });
    if (followed && (this.person(followed.member)?.path ?? "offline") === "offline") this.unfollow();
  }

  /** Names come from other people, or from a disk that had them before they were cleaned. */
  private named(): Pick<RoomState, "people" | "marks"> {
    const people = this.room.people.map((person) => ({ ...person, name: cleanName(person.name) }));
    return { people, marks: marksOf(people) };
  }

  private standing(): Pick<RoomState, "rights" | "status"> {
    const { role, tools, status } = this.room;
    return { rights: { role, tools: new Set(tools) }, status };
  }
}
