/**
 * The camera of this page on its way to all receivers: encoded once for those who are to get the same, and apart for
 * those whose line, codec or size is another.
 *
 * ```text
 *                 ┌─► Encoder (large) ─┬─► Gate ─► sender ─► receiver
 *   camera ───────┼─► Encoder (small)  └─► Gate ─► sender ─► receiver
 *                 └─► own encoder ───────► Gate ─► sender ─► receiver
 * ```
 */
import { copiesFrames, streamsOf } from "./encoded.js";
import { Encoder } from "./encoder.js";
import { Follower } from "./follower.js";
import { OWN_ENCODER, type Frames } from "./frames.js";
import { LAYERS } from "./gate.js";
import { ENCODERS, plan, type Shared } from "./plan.js";
import type { FromRealm, ToRealm } from "./realm.js";
import { worker, type RealmPort } from "./realms.js";

/** An encoder that makes no frame for so long, while others do, is broken, in milliseconds. */
const PATIENCE = 2_000;
/** In ticks. */
const GUARD = 2;
const MEASURE = 5;

export class Sharing {
  private readonly followers = new Set<Follower>();
  private encoders: Encoder[] = [];
  private realm: RealmPort | undefined;
  private ready = false;
  private numbers = 0;

  /** `track` is the camera's. Without `on`, each sender encodes for itself. */
  constructor(
    private readonly track: () => MediaStreamTrack | undefined,
    private on = copiesFrames(),
    begin = worker,
  ) {
    if (!on) return;
    try {
      this.realm = begin(
        (told) => this.heard(told),
        () => this.giveUp(),
      );
    } catch {
      this.on = false;
    }
  }

  /**
   * The frames of a sender that came to be in this task. `changed` is called where its own encoder has more or less to do.
   */
  add(sender: RTCRtpSender, changed: () => void): Frames {
    // Frames once taken from a sender must be led back to it: only a worker that works gets them.
    const streams = this.on && this.ready ? streamsOf(sender) : undefined;
    if (!streams) return OWN_ENCODER;
    const gate = (this.numbers += 1);
    this.tell({ do: "gate", gate, streams }, [streams.readable, streams.writable]);
    const left = (follower: Follower) => this.followers.delete(follower);
    const follower = new Follower(gate, sender, {
      tell: (told) => this.tell(told),
      changed,
      left,
    });
    this.followers.add(follower);
    return follower;
  }

  /** The camera is another, or off. */
  changed(): void {
    const track = this.track();
    if (track) for (const encoder of this.encoders) encoder.setTrack(track);
    else this.stop();
  }

  /** Called a few times a second. */
  tick(count: number): void {
    if (this.followers.size === 0) return;
    this.tell({ do: "look" });
    const now = performance.now();
    if (this.encoders.some((encoder) => this.isBroken(encoder, now))) this.giveUp();
    if (this.on && this.track()) this.assign(now);
    if (count % MEASURE === 0) for (const encoder of this.encoders) void encoder.measure();
    for (const follower of this.followers) {
      follower.look(now);
      if (count % GUARD === 0) void follower.guard();
    }
  }

  /** The call has ended; another may begin. */
  close(): void {
    this.stop();
    for (const follower of this.followers) follower.close();
  }

  private tell(told: ToRealm, transfer: unknown[] = []): void {
    this.realm?.tell(told, transfer as Transferable[]);
  }

  private heard(told: FromRealm): void {
    if (told.is === "ready") this.ready = true;
    else if (told.is === "looked") this.looked(told);
    else for (const follower of this.followers) if (follower.gate === told.gate) follower.heard(told);
  }

  private looked({ gates, feeds }: Extract<FromRealm, { is: "looked" }>): void {
    const now = performance.now();
    const [byGate, byFeed] = [
      new Map(gates.map((each) => [each.gate, each])),
      new Map(feeds.map((each) => [each.feed, each])),
    ];
    for (const follower of this.followers) {
      const state = byGate.get(follower.gate);
      if (state) follower.looked(state, now);
    }
    for (const encoder of this.encoders) {
      const state = byFeed.get(encoder.id);
      if (state) encoder.looked(state, now);
    }
  }

  private assign(now: number): void {
    const orders = [...this.followers].flatMap((follower) => {
      const order = follower.shareable();
      return order ? [[follower, order] as const] : [];
    });
    const given = new Map<Follower, [Encoder, number]>();
    const free = new Set(this.encoders);
    for (const shared of plan(new Map(orders))) {
      const encoder = this.encoderFor(shared, free);
      if (!encoder) continue;
      free.delete(encoder);
      encoder.steer(shared.order);
      for (const [follower, layers] of shared.members) given.set(follower, [encoder, layers]);
    }
    for (const follower of this.followers) {
      const [encoder, layers] = given.get(follower) ?? [undefined, LAYERS];
      follower.give(encoder, layers, now);
    }
    this.closeUnused(free);
  }

  /** The encoder that most of them have already; another if none has any. */
  private encoderFor({ members }: Shared<Follower>, free: ReadonlySet<Encoder>): Encoder | undefined {
    const having = (encoder: Encoder) =>
      [...members.keys()].filter((each) => each.encoder === encoder).length;
    const [best] = [...free].sort((one, other) => having(other) - having(one));
    if (best && (having(best) > 0 || this.encoders.length >= ENCODERS)) return best;
    return this.encoders.length < ENCODERS ? this.make() : undefined;
  }

  private make(): Encoder | undefined {
    try {
      const feed = (this.numbers += 1);
      const encoder = new Encoder(
        feed,
        (frames) => this.tell({ do: "feed", feed, frames }, [frames]),
        () => this.giveUp(),
      );
      encoder.setTrack(this.track() ?? null);
      this.encoders.push(encoder);
      return encoder;
    } catch {
      this.giveUp();
      return undefined;
    }
  }

  /** Those whose frames nobody takes any more. */
  private closeUnused(free: ReadonlySet<Encoder>): void {
    for (const encoder of free) {
      if ([...this.followers].some(({ feed }) => feed === encoder.id)) continue;
      this.end(encoder);
      this.encoders = this.encoders.filter((each) => each !== encoder);
    }
  }

  /** Its followers' own encoders show that the camera itself works. */
  private isBroken(encoder: Encoder, now: number): boolean {
    if (now - encoder.lastFrame < PATIENCE) return false;
    return [...this.followers].some(
      (follower) =>
        follower.encoder === encoder && (follower.lastOwn ?? 0) - encoder.lastFrame > PATIENCE / 2,
    );
  }

  private giveUp(): void {
    this.on = false;
    this.stop();
  }

  private stop(): void {
    for (const follower of this.followers) follower.pause();
    for (const encoder of this.encoders) this.end(encoder);
    this.encoders = [];
  }

  private end(encoder: Encoder): void {
    encoder.close();
    this.tell({ do: "end", feed: encoder.id });
  }
}
