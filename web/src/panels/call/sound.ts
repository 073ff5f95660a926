/** The sound of the others: elements outside of the panel, so that it goes on while the panel is hidden. */
import { createStore, type StoreApi } from "zustand";
import type { Call, Source } from "../../engine";
import { choices, choose } from "./own/choices";

const SOURCES = ["microphone", "screen-sound"] as const satisfies readonly Source[];

/** An element that was paused is played again after so long, in milliseconds: it may be paused again at once. */
const AGAIN = 500;

interface SoundState {
  /** The browser plays nothing before the person presses something. */
  readonly blocked: boolean;
  /** By member, from 0 to 1; absent where nobody changed it. */
  readonly volumes: ReadonlyMap<string, number>;
}

interface Playing {
  readonly element: HTMLAudioElement;
  readonly member: string;
}

export class Sound {
  readonly state: StoreApi<SoundState> = createStore<SoundState>()(() => ({
    blocked: false,
    volumes: new Map(),
  }));
  private readonly place = document.createElement("div");
  private readonly playing = new Map<string, Playing>();
  private readonly stop = new AbortController();

  constructor() {
    this.place.hidden = true;
    this.place.dataset.callSound = "";
    document.body.append(this.place);
    const seen = () => {
      if (document.hidden) return;
      for (const { element } of this.playing.values()) this.resume(element);
    };
    document.addEventListener("visibilitychange", seen, { signal: this.stop.signal });
  }

  /** Plays what the others send, and nothing else. */
  update(call: Call): void {
    this.quietOwn(call);
    const heard = new Set<string>();
    for (const { client, member, self } of call.joined ? call.attendees : []) {
      if (self) continue;
      for (const source of SOURCES) {
        const stream = call.stream(client, source);
        if (!stream) continue;
        const key = `${client} ${source}`;
        heard.add(key);
        this.play(key, stream, { client, member, source });
      }
    }
    for (const key of [...this.playing.keys()]) if (!heard.has(key)) this.end(key);
  }

  setVolume(member: string, volume: number): void {
    const volumes = new Map(this.state.getState().volumes).set(member, volume);
    this.state.setState({ volumes });
    for (const each of this.playing.values()) if (each.member === member) each.element.volume = volume;
  }

  /** Remembers a speaker and plays everything there. */
  setSpeaker(speaker: string): void {
    choose({ speaker });
    for (const { element } of this.playing.values()) void route(element, speaker);
  }

  /** After the browser wanted the person to press something. */
  playAll(): void {
    this.state.setState({ blocked: false });
    for (const { element } of this.playing.values()) void this.begin(element);
  }

  silence(): void {
    for (const key of [...this.playing.keys()]) this.end(key);
    this.state.setState({ blocked: false });
  }

  close(): void {
    this.stop.abort();
    this.silence();
    this.place.remove();
  }

  /** Two pages of one person are often in one room, where each would hear the other. */
  private quietOwn({ attendees }: Call): void {
    const own = attendees.find(({ self }) => self)?.member;
    if (own !== undefined && !this.state.getState().volumes.has(own)) this.setVolume(own, 0);
  }

  private play(
    key: string,
    stream: MediaStream,
    of: { client: number; member: string; source: Source },
  ): void {
    const known = this.playing.get(key);
    if (known?.element.srcObject === stream) return;
    if (known) this.end(key);
    const element = document.createElement("audio");
    element.dataset.client = String(of.client);
    element.dataset.source = of.source;
    element.autoplay = true;
    element.srcObject = stream;
    element.volume = this.state.getState().volumes.get(of.member) ?? 1;
    this.playing.set(key, { element, member: of.member });
    this.place.append(element);
    // By the system, such as for a phone call, or because headphones were pulled out.
    element.addEventListener("pause", () => setTimeout(() => this.resume(element), AGAIN));
    const { speaker } = choices();
    if (speaker !== undefined) void route(element, speaker);
    void this.begin(element);
  }

  private async begin(element: HTMLAudioElement): Promise<void> {
    try {
      await element.play();
    } catch (error) {
      const refused = error instanceof Error && error.name === "NotAllowedError";
      if (refused && element.isConnected) this.state.setState({ blocked: true });
    }
  }

  /** Plays what was paused, while it is still to be heard. */
  private resume(element: HTMLAudioElement): void {
    const ours = [...this.playing.values()].some((each) => each.element === element);
    if (ours && element.paused && !element.ended) void this.begin(element);
  }

  private end(key: string): void {
    const known = this.playing.get(key);
    if (!known) return;
    this.playing.delete(key);
    known.element.srcObject = null;
    known.element.remove();
  }
}

/** A speaker that is not there any more leaves the sound where it was. */
async function route(element: HTMLAudioElement, speaker: string): Promise<void> {
  const { setSinkId } = element as { setSinkId?: (id: string) => Promise<void> };
  try {
    await setSinkId?.call(element, speaker);
  } catch {
    // The default goes on.
  }
}
