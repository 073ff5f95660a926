import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import type { Role, Room, Status, Tool } from "../../engine";
import { SessionContext } from "../../session/context";
import { ALL } from "../../session/rights";
import { RoomSession } from "../../session/session";
import { panels } from "../registry";
import { ReadOnlyStrip } from "./ReadOnlyStrip";

const STATUS: Status = {
  node: "up",
  reach: "direct",
  waiting: 0,
  unsaved: 0,
  admitted: true,
  loaded: true,
};

/** The sentences above the panels' content for a person with this link. */
function said(role: Role, tools: ReadonlySet<Tool> = ALL, status: Partial<Status> = {}): string[] {
  const room = { role, status: { ...STATUS, ...status }, people: [], on: () => () => undefined };
  const session = new RoomSession(room as unknown as Room, () => undefined);
  const { rights } = session.state.getState();
  session.state.setState({ rights: { ...rights, tools } });
  // On a server there is the first state alone.
  Object.assign(session.state, { getInitialState: session.state.getState });
  const strips = panels.flatMap(({ id, readOnly }) =>
    readOnly ? [<ReadOnlyStrip key={id} {...readOnly} />] : [],
  );
  const html = renderToStaticMarkup(<SessionContext value={session}>{strips}</SessionContext>);
  return [...html.matchAll(/<\/svg>([^<]*)<\/p>/g)].map(([, text]) => text ?? "");
}

test("a person who may write everywhere, or is not admitted yet, is told nothing", () => {
  expect(said("owner")).toEqual([]);
  expect(said("participant")).toEqual([]);
  expect(said("viewer", ALL, { admitted: false })).toEqual([]);
});

test("a viewer is told to be one", () => {
  expect(said("viewer")).toEqual([
    "Your link lets you look. You see everything as it is written, and cannot change it.",
    "Your link lets you look. You see everything as it is drawn, and cannot change it.",
  ]);
});

test("a link for the chat alone leaves code and board to be read, and they say so", () => {
  expect(said("participant", new Set(["chat"]))).toEqual([
    "You can read the code here, not change it: your link is for the chat.",
    "You can look at the board here, not draw on it: your link is for the chat.",
  ]);
  expect(said("participant", new Set(["chat", "board"]))).toEqual([
    "You can read the code here, not change it: your link is for the chat and the board.",
  ]);
});
