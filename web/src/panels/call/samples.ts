/** People in a call, and the call itself, for tests. */
import type { Attendee, Call, CallEvents, CallRequest, Source } from "../../engine";

export function attendee(client: number, change: Partial<Attendee> = {}): Attendee {
  return {
    client,
    member: String(client),
    self: false,
    microphone: "on",
    camera: true,
    screen: false,
    hand: false,
    recording: false,
    maySpeak: true,
    mayShare: true,
    ...change,
  };
}

type Listener = (value: never) => void;

/** A call of which a test says what others do. This page is client 1. */
export class SampleCall implements Call {
  joined = false;
  others: Attendee[] = [];
  muted = false;
  readonly sent = new Map<Source, MediaStreamTrack>();
  readonly streams = new Map<string, MediaStream>();
  readonly asks: [number, CallRequest][] = [];
  levels = new Map<number, number>();
  private readonly listeners = new Map<keyof CallEvents, Set<Listener>>();

  get attendees(): readonly Attendee[] {
    return this.joined ? [attendee(1, { self: true }), ...this.others] : this.others;
  }

  /** How many listen. */
  get heard(): number {
    return [...this.listeners.values()].reduce((sum, { size }) => sum + size, 0);
  }

  on<K extends keyof CallEvents>(event: K, listener: (value: CallEvents[K]) => void): () => void {
    const all = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, all.add(listener));
    return () => all.delete(listener);
  }

  emit<K extends keyof CallEvents>(event: K, value: CallEvents[K]): void {
    for (const listener of this.listeners.get(event) ?? [])
      (listener as (value: CallEvents[K]) => void)(value);
  }

  join(): void {
    this.joined = true;
  }

  leave(): void {
    this.joined = false;
  }

  setTrack(source: Source, track: MediaStreamTrack | null): void {
    if (track) this.sent.set(source, track);
    else this.sent.delete(source);
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
  }

  ask(client: number, request: CallRequest): void {
    this.asks.push([client, request]);
  }

  stream(client: number, source: Source): MediaStream | undefined {
    return this.streams.get(`${client} ${source}`);
  }

  level(client: number): number {
    return this.levels.get(client) ?? 0;
  }

  samples = () => [];
  setHand = () => undefined;
  setRecording = () => undefined;
  setSaving = () => undefined;
  show = () => undefined;
  react = () => undefined;
}
