/** Records a call on this device: the pictures and the sound of all, or of one tile. Everybody sees who records. */
import { createStore, type StoreApi } from "zustand";
import type { Call } from "../../../engine";
import type { Somebody } from "../names";
import type { CallState } from "../state";
import type { Sights } from "../tiles/sights";
import { unfinished, type Kept } from "./kept";
import { endingOf } from "./sink";
import { fileName, save } from "./save";
import { why } from "./reasons";
import { Take } from "./take";

export interface RecorderState {
  readonly phase: "off" | "starting" | "on" | "ending";
  /** When it began, in milliseconds since 1970. */
  readonly since: number;
  readonly bytes: number;
  /** It can't be written to the disk, and is gone when the page is. */
  readonly inMemory: boolean;
  /** The failure, in a sentence. */
  readonly problem: string | undefined;
  /** The name of the file that was saved last. */
  readonly saved: string | undefined;
  /** The name of the recording that is being saved. */
  readonly saving: string | undefined;
  /** Not saved yet, the newest first. */
  readonly kept: readonly Kept[];
}

const AT_FIRST: RecorderState = {
  phase: "off",
  since: 0,
  bytes: 0,
  inMemory: false,
  problem: undefined,
  saved: undefined,
  saving: undefined,
  kept: [],
};

export class Recorder {
  readonly state: StoreApi<RecorderState> = createStore<RecorderState>()(() => AT_FIRST);
  private take: Take | undefined;
  /** Counts up when somebody starts or stops, so that what is late has no effect. */
  private attempt = 0;

  constructor(
    private readonly page: {
      readonly state: StoreApi<CallState>;
      readonly sights: Sights;
      readonly somebody: (member: string) => Somebody;
    },
  ) {
    void this.look();
  }

  /** Records everything, or the tile with this id. */
  async start(only?: string): Promise<void> {
    const { call, joined } = this.page.state.getState();
    if (!call || !joined || this.state.getState().phase !== "off") return;
    const attempt = (this.attempt += 1);
    this.state.setState({ phase: "starting", problem: undefined, saved: undefined, bytes: 0 });
    try {
      const take = await Take.begin(call, only, this.page, {
        grown: (bytes) => this.state.setState({ bytes }),
        over: (problem) => void this.stop(problem),
      });
      // Stopped meanwhile, or the call is over.
      if (attempt !== this.attempt) await take.end().then((kept) => kept?.remove());
      else this.began(call, take);
    } catch (error) {
      if (attempt === this.attempt) this.state.setState({ phase: "off", problem: why(error) });
    }
  }

  /** The recording so far is kept; undefined where there is none. */
  async stop(problem?: string): Promise<Kept | undefined> {
    if (this.state.getState().phase === "ending") return undefined;
    this.attempt += 1;
    const { take } = this;
    this.take = undefined;
    if (!take) {
      this.state.setState({ phase: "off" });
      return undefined;
    }
    this.state.setState({ phase: "ending" });
    this.page.state.getState().call?.setRecording(false);
    removeEventListener("beforeunload", warn);
    const kept = await take.end().catch(() => undefined);
    this.state.setState(({ kept: before }) => ({
      phase: "off",
      problem,
      kept: kept ? [kept, ...before] : before,
    }));
    return kept;
  }

  async save(kept: Kept): Promise<void> {
    if (this.state.getState().saving !== undefined) return;
    this.state.setState({ saving: kept.name, problem: undefined });
    try {
      const saved = await save(await kept.blob(), fileName(kept.started, endingOf(kept.name)));
      if (!saved) return;
      this.forget(kept);
      this.state.setState({ saved: saved.name });
      void saved.copied.then(() => kept.remove()).catch(() => undefined);
    } catch (error) {
      this.state.setState({ problem: why(error, "save") });
    } finally {
      this.state.setState({ saving: undefined });
    }
  }

  async discard(kept: Kept): Promise<void> {
    this.forget(kept);
    await kept.remove().catch(() => undefined);
  }

  /** The person has read what was said. */
  dismiss(): void {
    this.state.setState({ problem: undefined, saved: undefined });
  }

  private began(call: Call, take: Take): void {
    this.take = take;
    const { started: since, inMemory } = take;
    if (inMemory) addEventListener("beforeunload", warn);
    call.setRecording(true);
    this.state.setState({ phase: "on", since, inMemory });
  }

  private forget(kept: Kept): void {
    this.state.setState(({ kept: all }) => ({ kept: all.filter((each) => each !== kept) }));
  }

  /** Finds what pages left that were closed while they recorded. */
  private async look(): Promise<void> {
    const found = await unfinished().catch(() => []);
    this.state.setState(({ kept }) => ({ kept: [...kept, ...found] }));
  }
}

/** The browser asks before it closes the page. */
function warn(event: Event): void {
  event.preventDefault();
}
