/** One recording while it is made: draws, mixes, encodes and writes. */
import type { StoreApi } from "zustand";
import type { Call } from "../../../engine";
import type { Somebody } from "../names";
import type { CallState } from "../state";
import type { Box } from "../tiles/grid";
import type { Sights } from "../tiles/sights";
import type { Tile } from "../tiles/tiles";
import { Assistant } from "./assistant";
import { formatOf, type Format } from "./format";
import type { Kept } from "./kept";
import { Mixer } from "./mixer";
import { Painter } from "./painter";
import { CannotRecord, FAILED, GONE, TOO_SLOW, whyEnded } from "./reasons";
import { recorded } from "./scene";
import { openSink, type Sink } from "./sink";

/** Frames a second. */
const RATE = 15;
const SIZE: Box = { width: 1280, height: 720 };
/** Milliseconds of a recording that a crash may cost. */
const CHUNK = 1_000;
/** Less room than this is too little to begin with. */
const ROOM = 20e6;
/** Encoded and not written yet. */
const MOST_WAITING = 64e6;

interface Page {
  readonly state: StoreApi<CallState>;
  readonly sights: Sights;
  readonly somebody: (member: string) => Somebody;
}

interface Listener {
  grown: (bytes: number) => void;
  /** It can't go on, for this reason. */
  over: (problem: string) => void;
}

export class Take {
  private readonly painter: Painter;
  private readonly mixer = new Mixer();
  private readonly media: MediaRecorder;
  private readonly unsubscribe: () => void;
  private readonly picture: MediaStreamTrack;
  /** One chunk after another. */
  private writing: Promise<void> = Promise.resolve();
  private waiting = 0;
  private bytes = 0;
  /** Nothing more is written. */
  private broken = false;
  private ended = false;

  /** Fails where the browser or the disk does not let a page record. */
  static async begin(call: Call, only: string | undefined, page: Page, listener: Listener): Promise<Take> {
    const format = formatOf();
    if (!format) throw new CannotRecord();
    await checkRoom();
    const assistant = new Assistant();
    const started = Date.now();
    const sink = await openSink(assistant, started, format.type);
    try {
      return new Take({ call, only, page, listener, format, started }, sink, assistant);
    } catch (error) {
      await sink.finish().then((kept) => kept.remove());
      assistant.end();
      throw error;
    }
  }

  private constructor(
    private readonly of: {
      readonly call: Call;
      readonly only: string | undefined;
      readonly page: Page;
      readonly listener: Listener;
      readonly format: Format;
      readonly started: number;
    },
    private readonly sink: Sink,
    private readonly assistant: Assistant,
  ) {
    const { call, page, format } = of;
    this.painter = new Painter(call, page.somebody, SIZE);
    this.picture = pictureOf(this.painter.canvas);
    this.arrange();
    this.painter.draw();
    const sound = this.mixer.track;
    this.media = new MediaRecorder(new MediaStream(sound ? [this.picture, sound] : [this.picture]), {
      mimeType: format.type,
      videoBitsPerSecond: format.video,
      audioBitsPerSecond: format.audio,
    });
    this.media.ondataavailable = ({ data }) => this.write(data);
    this.media.onerror = () => this.over(FAILED);
    this.media.start(CHUNK);
    this.unsubscribe = page.state.subscribe(({ attendees, streams }, before) => {
      if (attendees !== before.attendees || streams !== before.streams) this.arrange();
    });
    assistant.ticking(1000 / RATE, () => this.beat());
  }

  get started(): number {
    return this.of.started;
  }

  get inMemory(): boolean {
    return this.sink.inMemory;
  }

  /** Undefined where nothing was recorded. */
  async end(): Promise<Kept | undefined> {
    this.unsubscribe();
    this.of.page.sights.setRecorded([]);
    if (this.media.state !== "inactive") {
      const stopped = new Promise((resolve) => this.media.addEventListener("stop", resolve, { once: true }));
      this.media.stop();
      await stopped;
    }
    await this.writing;
    this.picture.stop();
    this.painter.close();
    this.mixer.close();
    const kept = await this.sink.finish();
    this.assistant.end();
    if (kept.bytes > 0) return kept;
    await kept.remove();
    return undefined;
  }

  private beat(): void {
    this.painter.draw();
    (this.picture as { requestFrame?: () => void }).requestFrame?.();
  }

  /** Others came, left, or send something else. */
  private arrange(): void {
    const { call, only, page } = this.of;
    const tiles = recorded(page.state.getState().attendees, only);
    if (tiles.length === 0 && only !== undefined) {
      this.over(GONE);
      return;
    }
    const places = this.painter.arrange(tiles);
    // A picture that nobody shows is not sent.
    page.sights.setRecorded(
      places
        .filter(({ tile }) => !tile.attendee.self)
        .map(({ tile: { source, attendee }, rect: { height } }) => ({
          client: attendee.client,
          source,
          height: Math.round(height),
        })),
    );
    this.mixer.mix(tiles.flatMap((tile) => soundOf(call, tile)));
  }

  private write(chunk: Blob): void {
    if (chunk.size === 0 || this.broken) return;
    this.waiting += chunk.size;
    if (this.waiting > MOST_WAITING) this.over(TOO_SLOW);
    this.writing = this.writing
      .then(async () => {
        if (this.broken) return;
        await this.sink.write(chunk);
        this.bytes += chunk.size;
        this.of.listener.grown(this.bytes);
      })
      .catch((error: unknown) => this.over(whyEnded(error)))
      .finally(() => (this.waiting -= chunk.size));
  }

  /** Once; what was written stays. */
  private over(problem: string): void {
    if (this.ended) return;
    this.ended = true;
    this.broken = problem !== GONE;
    queueMicrotask(() => this.of.listener.over(problem));
  }
}

/** Frames are taken when they are drawn where the browser can, else at a rate of its own. */
function pictureOf(canvas: HTMLCanvasElement): MediaStreamTrack {
  const asked = canvas.captureStream(0).getVideoTracks()[0];
  if (asked && "requestFrame" in asked) return asked;
  const [timed] = canvas.captureStream(RATE).getVideoTracks();
  if (!timed) throw new CannotRecord();
  return timed;
}

/** A person is heard with their picture, and a screen's sound with the screen. */
function soundOf(call: Call, { attendee, source }: Tile): MediaStream[] {
  const stream = call.stream(attendee.client, source === "camera" ? "microphone" : "screen-sound");
  return stream ? [stream] : [];
}

async function checkRoom(): Promise<void> {
  const { storage } = navigator as { storage?: StorageManager };
  const { quota, usage } = (await storage?.estimate().catch(() => undefined)) ?? {};
  if (quota !== undefined && quota - (usage ?? 0) < ROOM)
    throw new DOMException("no room", "QuotaExceededError");
}
