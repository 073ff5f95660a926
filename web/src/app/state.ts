/** Where the person is: at the entry, joining a room, or in it. */
import { create } from "zustand";
import { engine, type LinkInfo, type Room, type StoredRoom } from "../engine";
import { linkIn } from "../shared/links";
import { device, tab } from "../shared/memory";
import { cleanName, shownTitle } from "../shared/names";
import { siteNodes } from "../shared/nodes";
import { forgetRoom } from "../shared/roomMemory";
import { hasCode, sentence } from "../shared/sentences";
import { RoomSession } from "../session/session";

/** A link that was opened and not used yet. It is in memory only: what a tab stores is on the disk. */
export interface Invitation {
  link: string;
  /** Opened as an address, which the browser keeps in its history. */
  visited: boolean;
  info?: LinkInfo;
  /** Why it cannot be used. */
  problem?: string;
}

interface AppState {
  name: string;
  invitation: Invitation | undefined;
  rooms: StoredRoom[] | undefined;
  session: RoomSession | undefined;
  /** The step in progress, as a sentence. */
  busy: string | undefined;
  problem: string | undefined;
  /** The engine did not start. */
  broken: string | undefined;
  /** The page was loaded anew while a link was open, which is not kept. */
  dropped: boolean;
}

export const useApp = create<AppState>(() => ({
  name: device.read("name") ?? "",
  invitation: undefined,
  rooms: undefined,
  session: undefined,
  busy: undefined,
  problem: undefined,
  broken: undefined,
  dropped: false,
}));

const { getState: state, setState: set } = useApp;

/** Starts the engine and goes back to where this tab was; a link in the address comes first. */
export async function start(fragment: string | undefined): Promise<void> {
  const id = tab.read("room");
  if (fragment === undefined && tab.read("asked") !== undefined) {
    tab.write("asked", undefined);
    set({ dropped: true });
  }
  if (fragment !== undefined) void receive(fragment, true);
  else if (id !== undefined && state().name !== "") {
    await reopen(id);
    if (state().session) return;
  }
  await refresh();
}

/** Takes what has a link in it, from the address or pasted, and reads what it says. */
export async function receive(text: string, visited: boolean): Promise<void> {
  tab.write("asked", "yes");
  const reading: Invitation = { link: text, visited };
  set({ invitation: reading, problem: undefined, dropped: false });
  let invitation: Invitation;
  try {
    const covey = await engine();
    const { link, info } = await linkIn(text, (link) => covey.inspect(link));
    invitation = { link, visited, info };
    // A greeting that fails is tried again when somebody joins.
    void covey.prepare(link).catch(() => undefined);
  } catch (error) {
    tab.write("asked", undefined);
    invitation = { link: text, visited, problem: sentence(error) };
  }
  if (state().invitation === reading) set({ invitation });
}

export function dismissInvitation(): void {
  tab.write("asked", undefined);
  set({ invitation: undefined, problem: undefined });
}

/** Keeps the name that one has in rooms to come. */
export function setName(name: string): void {
  device.write("name", name);
  set({ name });
}

/** Makes a room that people find each other in through `node`; empty means the page's own. */
export function createRoom(title: string, node: string): Promise<void> {
  const { name } = state();
  return enter("Creating the room…", async () => {
    const nodes = node === "" ? await siteNodes() : [node];
    return (await engine()).create({ name, title, nodes });
  });
}

export function joinRoom(link: string): Promise<void> {
  const { name } = state();
  return enter("Joining the room…", async () => (await engine()).join(link, { name }));
}

export function reopen(id: string): Promise<void> {
  const { name } = state();
  return enter("Opening the room…", async () => (await engine()).reopen(id, { name }));
}

export async function leave(): Promise<void> {
  const { session } = state();
  tab.write("room", undefined);
  session?.close();
  set({ session: undefined });
  await session?.room.leave().catch((error: unknown) => console.warn(error));
  await refresh();
}

export async function forget(id: string): Promise<void> {
  try {
    await (await engine()).forget(id);
    forgetRoom(id);
  } catch (error) {
    set({ problem: sentence(error) });
  }
  await refresh();
}

/** Reads the list of rooms anew; also the way to try again after the engine failed to start. */
export async function refresh(): Promise<void> {
  try {
    const rooms = await (await engine()).rooms();
    // Of what the browser keeps, the name may be gone, or not be on the disk yet when the browser ends.
    const known = state().rooms === undefined ? rooms.find(({ name }) => name !== undefined) : undefined;
    if (state().name === "" && known?.name !== undefined) set({ name: cleanName(known.name) });
    set({ rooms, broken: undefined });
  } catch (error) {
    // Every other failure follows from this one.
    set({ rooms: [], broken: sentence(error), problem: undefined });
  }
}

async function enter(busy: string, open: () => Promise<Room>): Promise<void> {
  set({ busy, problem: undefined });
  try {
    const room = await open();
    state().session?.close();
    const session = new RoomSession(room, setName);
    room.on("forgotten", () => void leaveForgotten(room));
    tab.write("room", room.id);
    tab.write("asked", undefined);
    set({ session, busy: undefined, invitation: undefined, dropped: false });
  } catch (error) {
    set({ busy: undefined, problem: sentence(error) });
    if (!hasCode(error, "room-unknown")) return;
    // Another page has forgotten it.
    tab.write("room", undefined);
    await refresh();
  }
}

/** Another page of this browser has removed the room from this device. */
async function leaveForgotten(room: Room): Promise<void> {
  forgetRoom(room.id);
  if (state().session?.room !== room) return;
  await leave();
  const title = shownTitle(room.title);
  set({
    problem: `“${title}” was forgotten in another tab, so it is closed here, too. An invite link opens it again.`,
  });
}
