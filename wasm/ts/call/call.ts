/**
 * The call of a room on this page: what the engine decides, carried out on a connection to each attendee.
 *
 * ```text
 *   page ──track──► Own ──► Connection ──► RTCPeerConnection ══► attendee
 *   page ◄─stream── Streams ◄── Connection ◄── RTCPeerConnection ◄══
 *                        orders ▲  │ what is measured
 *                               │  ▼
 *                              engine ◄──signalling──► engine of the attendee
 * ```
 */
import { Emitter } from "../emitter.js";
import type { Surroundings } from "./connection.js";
import { attendeeOf, quadsOf, requestNumber, requestOf, sends, SOURCES } from "./flags.js";
import { OWN_ENCODER } from "./frames/frames.js";
import { Sharing } from "./frames/sharing.js";
import { History } from "./history.js";
import { Links } from "./links.js";
import { TICK } from "./measuring.js";
import { Own } from "./own.js";
import { ABILITY, type CallDetails, type CallPort, type CallTold, type RawAttendee } from "./port.js";
import { Streams } from "./streams.js";
import { ticking } from "./ticker.js";
import type { Attendee, Call, CallEvents, Request, Sample, Shown, Source } from "./types.js";

/** With more people than this, silence must cost nothing. */
const CROWD = 3;
/** With no more people than this, each with themselves, there is nobody to copy for. */
const PAIR = 2;

export class OpenCall implements Call {
  private readonly events = new Emitter<CallEvents>();
  private readonly links = new Links();
  private readonly streams = new Streams();
  private readonly history = new History();
  private readonly own = new Own((source) => this.setTrack(source, null));
  private readonly sharing = new Sharing(() => this.own.track("camera"));
  private shown: readonly Shown[] = [];
  private stopTicking: (() => void) | undefined;
  private raw: readonly RawAttendee[] = [];
  private known: { joined: boolean; attendees: readonly Attendee[] } = { joined: false, attendees: [] };

  constructor(private readonly port: CallPort) {
    this.refresh();
  }

  get joined(): boolean {
    return this.known.joined;
  }

  get attendees(): readonly Attendee[] {
    return this.known.attendees;
  }

  on<K extends keyof CallEvents>(event: K, listener: (value: CallEvents[K]) => void): () => void {
    return this.events.on(event, listener);
  }

  join(): void {
    if (this.stopTicking) return;
    this.own.lookForEnded();
    let count = 0;
    this.stopTicking = ticking(TICK, () => this.tick((count += 1)));
    this.port.callJoin(abilities());
    this.port.callSending(this.own.flags);
    this.port.callShow(quadsOf(this.shown));
    this.refresh();
  }

  leave(): void {
    if (!this.stopTicking) return;
    this.port.callLeave();
    this.end();
  }

  setTrack(source: Source, track: MediaStreamTrack | null): void {
    if (!this.own.set(source, track)) return;
    for (const connection of this.links.all()) connection.setTrack(source, track);
    if (source === "camera") this.sharing.changed();
    this.say();
  }

  setMuted(muted: boolean): void {
    this.own.setMuted(muted);
    this.say();
  }

  setHand(raised: boolean): void {
    this.own.hand = raised;
    this.say();
  }

  setRecording(recording: boolean): void {
    this.own.recording = recording;
    this.say();
  }

  setSaving(saving: boolean): void {
    this.port.callSaving(saving);
  }

  show(shown: readonly Shown[]): void {
    this.shown = [...shown];
    if (this.stopTicking) this.port.callShow(quadsOf(shown));
  }

  react(text: string): void {
    this.port.callReact(text);
  }

  ask(client: number, request: Request): void {
    this.port.callAsk(client, requestNumber(request));
  }

  stream(client: number, source: Source): MediaStream | undefined {
    return this.streams.of(client, source);
  }

  level(client: number): number {
    if (!this.stopTicking) return 0;
    if (client === this.port.clientId) return this.own.level();
    const attendee = this.attendees.find((each) => each.client === client);
    if (attendee?.microphone !== "on" || !attendee.maySpeak) return 0;
    return Math.max(0, ...this.links.of(client).map((connection) => connection.level()));
  }

  samples(client: number): readonly Sample[] {
    return this.history.of(client);
  }

  /** The engine says something. */
  told(told: CallTold): void {
    const [what, details] = told;
    switch (what) {
      case "open":
        this.open(details);
        break;
      case "changed":
        this.refresh();
        this.events.emit("changed", undefined);
        break;
      case "reaction":
        this.events.emit("reaction", { client: details.client, text: details.text });
        break;
      case "asked":
        this.asked(details);
        break;
      default:
        this.links.told(told);
    }
  }

  /** Everything ends that was begun here: connections, timers, streams. The tracks stay the page's own. */
  end(): void {
    this.stopTicking?.();
    this.stopTicking = undefined;
    this.links.closeAll();
    this.sharing.close();
    this.own.stopMeter();
    this.own.hand = false;
    this.own.recording = false;
    this.history.keep(new Set());
    this.known = { joined: false, attendees: this.known.attendees.filter(({ self }) => !self) };
    this.raw = this.raw.filter(({ self }) => !self);
    this.showStreams();
  }

  private open(details: CallDetails["open"]): void {
    const { client, link } = details;
    const around: Surroundings = {
      port: this.port,
      track: (source) => this.own.track(source),
      crowded: () => this.raw.length > CROWD,
      frames: (sender, changed) => (this.raw.length > PAIR ? this.sharing.add(sender, changed) : OWN_ENCODER),
      received: () => this.showStreamsOf(client),
      measured: {
        values: (values) => this.port.callMeasured(link, values),
        quality: (quality) => this.history.add(client, performance.now(), quality),
      },
    };
    try {
      this.links.make(details, around);
    } catch {
      // A browser has room for so many connections, and some pages are not allowed any.
      queueMicrotask(() => this.stopTicking && this.port.callFailed(link));
    }
  }

  private asked({ client, request }: CallDetails["asked"]): void {
    const what = requestOf(request);
    if (!what) return;
    if (what === "mute") this.setMuted(true);
    else if (what === "leave") this.end();
    else for (const source of ["screen", "screen-sound"] as const) this.setTrack(source, null);
    this.events.emit("asked", { client, request: what });
    if (what === "leave") this.events.emit("changed", undefined);
  }

  private tick(count: number): void {
    this.own.lookForEnded();
    for (const connection of this.links.all())
      connection.tick(count, new Set(this.shownOf(connection.client)));
    this.sharing.tick(count);
  }

  private shownOf(client: number): Source[] {
    return this.shown.filter((each) => each.client === client).map(({ source }) => source);
  }

  /** Others are told what this page sends. */
  private say(): void {
    if (!this.stopTicking) return;
    this.port.callSending(this.own.flags);
    this.showStreamsOf(this.port.clientId);
  }

  private refresh(): void {
    const { joined, attendees } = this.port.call();
    // The engine has left by itself.
    if (this.known.joined && !joined) this.end();
    this.raw = attendees;
    this.known = { joined, attendees: attendees.map(attendeeOf) };
    const here = new Set(attendees.map(({ client }) => client));
    this.history.keep(here);
    this.showStreams();
  }

  private showStreams(): void {
    const clients = new Set([...this.streams.clients(), ...this.raw.map(({ client }) => client)]);
    for (const client of clients) this.showStreamsOf(client);
  }

  private showStreamsOf(client: number): void {
    const own = client === this.port.clientId;
    const attendee = this.stopTicking && this.raw.find((each) => each.client === client);
    const changed = SOURCES.map((source) => {
      const allowed = attendee && sends(attendee, source);
      const track = own ? this.own.track(source) : this.track(client, source, allowed === true);
      return this.streams.set(client, source, this.stopTicking && (own || allowed) ? track : undefined);
    });
    if (changed.includes(true)) this.events.emit("streams", client);
  }

  /** The track that is received of a source; while a connection is made anew, the one before. */
  private track(client: number, source: Source, allowed: boolean): MediaStreamTrack | undefined {
    const tracks = this.links.of(client).map((connection) => connection.received(source));
    // A page that keeps a stream which it should not show shows nothing.
    for (const track of tracks) if (track) track.enabled = allowed;
    return tracks.findLast((track) => track !== undefined) ?? this.stream(client, source)?.getTracks()[0];
  }
}

function abilities(): number {
  // The one browser that must offer restarts itself; nothing but its name tells.
  return /\bGecko\/\d/.test(navigator.userAgent) ? ABILITY.offersRestarts : 0;
}
