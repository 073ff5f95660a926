/** A call that a test has joined. */
import { vi } from "vitest";
import { OpenCall } from "../call.js";
import { MAY } from "../flags.js";
import { attendee, FakePeerConnection, FakePort, sdp } from "./fakes.js";

/** Everything that waits for promises alone. */
export const settle = () => vi.advanceTimersByTimeAsync(0);

export const OPEN = { link: 9, client: 2, offers: true, may: MAY.speak | MAY.share };

/** A call that this page has joined, with one other. */
export function joined(open = OPEN) {
  const port = new FakePort();
  port.state = { joined: false, attendees: [attendee(open.client, 0, false, open.may)] };
  const call = new OpenCall(port);
  call.join();
  call.told(["open", open]);
  const pc = FakePeerConnection.all[0];
  if (!pc) throw new Error("no connection");
  return { port, call, pc };
}

/** The same, negotiated. */
export async function connected(open = OPEN) {
  const all = joined(open);
  all.call.told(["offer", { link: 9, turn: 1, restart: false }]);
  all.call.told(["answer", { link: 9, sdp: sdp("theirs") }]);
  await settle();
  return all;
}
