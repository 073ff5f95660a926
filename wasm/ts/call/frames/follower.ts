/** One receiver, whose sender is given copies where that is better than an encoder of its own. */
import type { Order } from "../port.js";
import type { Encoder } from "./encoder.js";
import type { Frames, SentFrames } from "./frames.js";
import { LAYERS } from "./gate.js";
import type { FromRealm, GateState, ToRealm } from "./realm.js";

/** An encoder of its own follows the line of a receiver that copies were too much for, in milliseconds at least. */
const NARROW = 8_000;
/** Copies come within this time, in milliseconds, or never. */
const PATIENCE = 2_000;
/** Of the browser's estimate, what pictures may take, and what is not for pictures, in bits a second. */
const SHARE = 0.95;
const SPEECH = 48_000;
/** More layers are sent where there is so much room for them. */
const SPARE = 1.2;

interface Around {
  tell(told: ToRealm): void;
  /** The sender's own encoder has more or less to do. */
  changed(): void;
  left(follower: Follower): void;
}

export class Follower implements Frames {
  /** The encoder whose frames it is to be given. */
  encoder: Encoder | undefined;
  /** The number of the encoder whose frames it is given. */
  feed: number | undefined;
  /** When its own encoder made a frame, in milliseconds since the page began. */
  lastOwn: number | undefined;
  private order: Order | undefined;
  private able = true;
  /** Since when copies are too much for its line. */
  private narrow: number | undefined;
  private most = LAYERS;
  private layers = LAYERS;
  private since = 0;
  private looking = false;
  private counted: GateState["sent"] | undefined;

  constructor(
    readonly gate: number,
    private readonly sender: RTCRtpSender,
    private readonly around: Around,
  ) {}

  get copied(): boolean {
    return this.feed !== undefined && this.encoder !== undefined;
  }

  /** The order by which it may be given copies. */
  shareable(): Order | undefined {
    return this.able && this.narrow === undefined && this.lastOwn !== undefined ? this.order : undefined;
  }

  steer(order: Order): void {
    this.order = order;
    if (order.bitrate === 0) this.pause();
  }

  key(): void {
    if (this.copied) this.encoder?.key();
  }

  sent(): SentFrames | undefined {
    const limitedByCpu = this.copied ? this.encoder?.limitedByCpu : undefined;
    return this.counted && { ...this.counted, limitedByCpu };
  }

  close(): void {
    this.pause();
    this.around.tell({ do: "forget", gate: this.gate });
    this.around.left(this);
  }

  /** Copies of this encoder are sent from its next key frame on, or the own encoder's frames. */
  give(encoder: Encoder | undefined, most: number, now: number): void {
    this.setLayers(most, Math.min(this.layers, most));
    if (encoder === this.encoder) return;
    this.since = now;
    this.around.tell({ do: "want", gate: this.gate, feed: encoder?.id });
    this.change(() => (this.encoder = encoder));
  }

  /** Nothing is sent until the own encoder makes something. */
  pause(): void {
    if (!this.encoder && this.feed === undefined) return;
    this.around.tell({ do: "reset", gate: this.gate });
    this.change(() => (this.encoder = this.feed = undefined));
  }

  /** The worker tells. */
  heard(told: Extract<FromRealm, { readonly gate: number }>): void {
    if (told.is === "changed") {
      if (told.feed !== undefined && told.feed !== this.feed) this.layers = LAYERS;
      this.change(() => (this.feed = told.feed));
    } else if (told.is === "wanted") this.encoder?.key();
    else this.refuse();
  }

  looked({ sent, own }: GateState, now: number): void {
    this.counted = sent;
    if (own !== undefined) this.lastOwn = now - own;
  }

  /** Called a few times a second. */
  look(now: number): void {
    if (!this.encoder) return;
    if (this.feed === this.encoder.id) this.since = now;
    else if (now - this.since > PATIENCE) this.refuse();
    else this.encoder.key(false);
  }

  /** Sends no more than the line carries. An encoder would follow it by itself, copies do not. */
  async guard(): Promise<void> {
    if (this.looking || (!this.copied && this.narrow === undefined)) return;
    this.looking = true;
    const available = await availableTo(this.sender);
    this.looking = false;
    if (available !== undefined) this.fit(available * SHARE - SPEECH, performance.now());
  }

  private fit(room: number, now: number): void {
    const { encoder, narrow, order } = this;
    if (narrow !== undefined && now - narrow > NARROW && room > (order?.bitrate ?? 0))
      this.narrow = undefined;
    if (!encoder || this.feed !== encoder.id) return;
    const fits = (layers: number) => encoder.rate(layers) * (layers > this.layers ? SPARE : 1) <= room;
    let layers = this.most;
    while (layers > 0 && !fits(layers)) layers -= 1;
    this.setLayers(this.most, layers);
    if (layers > 0) return;
    this.narrow = now;
    this.give(undefined, this.most, now);
  }

  private setLayers(most: number, layers: number): void {
    if (most === this.most && layers === this.layers) return;
    [this.most, this.layers] = [most, layers];
    this.around.tell({ do: "layers", gate: this.gate, most, layers });
  }

  private change(change: () => void): void {
    const before = this.copied;
    change();
    // A switch that the worker began meanwhile ends with a key frame of the own encoder, too.
    if (this.copied !== before || (this.feed !== undefined && !this.encoder)) this.around.changed();
  }

  private refuse(): void {
    this.able = false;
    this.give(undefined, LAYERS, performance.now());
  }
}

async function availableTo(sender: RTCRtpSender): Promise<number | undefined> {
  const report = await sender.getStats().catch(() => undefined);
  const stats = [...((report?.values() ?? []) as Iterable<Record<string, unknown>>)];
  const pair = stats.find(
    ({ type, selectedCandidatePairId }) => type === "transport" && selectedCandidatePairId,
  );
  const chosen = stats.find(({ id }) => id === pair?.selectedCandidatePairId);
  const available = chosen?.availableOutgoingBitrate;
  return typeof available === "number" ? available : undefined;
}
