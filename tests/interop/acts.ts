/** What tests do with a peer, in its page. */

const PIECE = 64 << 10;

/** What came back of what was sent. */
export interface Exchange {
  length: number;
  sent: string;
  came: string;
}

/** Sends so many random bytes, ends, and reads what comes back to its end. */
export async function exchange(peer: string, length: number): Promise<Exchange> {
  const bytes = random(length);
  const wire = await globalThis.echoPeer.open(peer);
  const send = async () => {
    for (let at = 0; at < length; at += PIECE) await wire.write(bytes.subarray(at, at + PIECE));
    await wire.close();
  };
  const pieces: Uint8Array[] = [];
  const receive = async () => {
    for (let piece = await wire.read(); piece !== undefined; piece = await wire.read())
      pieces.push(piece);
  };
  await Promise.all([send(), receive()]);
  const all = new Uint8Array(await new Blob(pieces as BlobPart[]).arrayBuffer());
  return { length: all.length, sent: await hash(bytes), came: await hash(all) };
}

/** Several at once. */
export function exchanges(peer: string, count: number, length: number): Promise<Exchange[]> {
  return Promise.all(Array.from({ length: count }, () => exchange(peer, length)));
}

/** Gives a stream up after something has come back on it. */
export async function giveUp(peer: string): Promise<void> {
  const wire = await globalThis.echoPeer.open(peer);
  await wire.write(random(1000));
  await wire.read();
  wire.reset();
}

/** Dials at a moment that both pages of a machine agree on; says what went wrong. */
export async function dialAt(moment: number, dial: () => Promise<void> | void): Promise<string> {
  const now = () => performance.timeOrigin + performance.now();
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, moment - now() - 5)));
  // Timers are not exact to the millisecond.
  while (now() < moment);
  try {
    await dial();
    return "";
  } catch (error) {
    return String(error);
  }
}

/** How many connections of this page are not closed. */
export function openPeers(): number {
  const { peers } = globalThis.echoWatched;
  return peers.filter((peer) => peer.connectionState !== "closed").length;
}

/** How many of the channels that this page had up to the one with this number are not closed. */
export function openChannels(upTo: number): number {
  const channels = globalThis.echoWatched.channels.slice(0, upTo);
  return channels.filter((channel) => channel.readyState !== "closed").length;
}

function random(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += PIECE) crypto.getRandomValues(bytes.subarray(at, at + PIECE));
  return bytes;
}

async function hash(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
