/** The others on the board as Excalidraw draws them: where each points, under their name and in their colour. */
import type { Collaborator, SocketId } from "@excalidraw/excalidraw/types";
import type { DocView } from "../../../engine";
import type { RoomSession } from "../../../session/session";
import { decodePointing, type Pointing } from "../live/gestures";

/** Everybody on the board, one entry for each page that they have open. */
export function collaboratorsOf(
  session: RoomSession,
  view: DocView,
  page: string,
): Map<SocketId, Collaborator> {
  const pointers = view.said("pointer");
  const clients = new Set([...pointers.keys(), ...view.said("view").keys()]);
  const all = new Map<SocketId, Collaborator>();
  for (const client of clients) {
    const person = session.personBehind(client);
    if (!person) continue;
    const said = pointers.get(client);
    const pointing = said && decodePointing(said);
    const color = pale(person.color);
    const id = socketOf(client);
    all.set(id, {
      id: person.id,
      socketId: id,
      username: person.name,
      color: { background: color, stroke: person.color },
      isCurrentUser: false,
      ...(pointing?.page === page && pointerOf(pointing)),
    });
  }
  return all;
}

export const socketOf = (client: number) => String(client) as SocketId;

function pointerOf({ x, y, pressed, laser }: Pointing): Pick<Collaborator, "pointer" | "button"> {
  return { pointer: { x, y, tool: laser ? "laser" : "pointer" }, button: pressed ? "down" : "up" };
}

/** A person's colour halfway to white: Excalidraw writes names on it in black. */
export function pale(color: string): string {
  const hex = /^#([0-9a-f]{6})$/i.exec(color)?.[1];
  if (hex === undefined) return "#d0d5dd";
  const parts = [0, 2, 4].map((at) => Math.round((parseInt(hex.slice(at, at + 2), 16) + 255) / 2));
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}
