/** Watches which tiles are before the person and how tall, and tells the call whenever that changes. */
import type { Shown } from "../../../engine";
import { choices, onChoice } from "../own/choices";
import { shownOf, type Sight } from "./shown";

/** While a splitter is dragged, sizes change with every frame. */
const SETTLE = 120;

interface Watched {
  readonly client: number;
  readonly source: "camera" | "screen";
  readonly pinned: boolean;
  /** How many times larger than its place it is. */
  readonly scale: number;
  visible: boolean;
  height: number;
}

export class Sights {
  private readonly watched = new Map<Element, Watched>();
  /** A tile that is watched anew, such as when it is pinned, is on show meanwhile. */
  private readonly before = new WeakMap<Element, { visible: boolean; height: number }>();
  private readonly stop = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private last = "[]";
  private recorded: readonly Pick<Sight, "client" | "source" | "height">[] = [];

  private readonly meeting = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting, boundingClientRect } of entries) {
      const watched = this.watched.get(target);
      if (!watched) continue;
      watched.visible = isIntersecting;
      watched.height = boundingClientRect.height;
    }
    // At once: until then the picture is not sent.
    this.tell();
  });
  private readonly sizes = new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) {
      const watched = this.watched.get(target);
      if (watched) watched.height = contentRect.height;
    }
    this.reportSoon();
  });

  constructor(private readonly report: (shown: readonly Shown[]) => void) {
    const { signal } = this.stop;
    document.addEventListener("visibilitychange", () => this.reportSoon(), { signal });
    for (const event of ["enterpictureinpicture", "leavepictureinpicture"])
      document.addEventListener(event, () => this.reportSoon(), { signal, capture: true });
    signal.addEventListener(
      "abort",
      onChoice(() => this.reportSoon()),
    );
  }

  /** Watches a tile's element until the returned function is called. */
  watch(element: Element, tile: Omit<Watched, "visible" | "height">): () => void {
    this.watched.set(element, { ...tile, ...(this.before.get(element) ?? { visible: false, height: 0 }) });
    this.meeting.observe(element);
    this.sizes.observe(element);
    return () => {
      const { visible = false, height = 0 } = this.watched.get(element) ?? {};
      this.before.set(element, { visible, height });
      this.watched.delete(element);
      this.meeting.unobserve(element);
      this.sizes.unobserve(element);
      this.reportSoon();
    };
  }

  /** A recorded picture counts as shown, whether the page is or not. Heights are in pixels of the recording. */
  setRecorded(recorded: readonly Pick<Sight, "client" | "source" | "height">[]): void {
    this.recorded = recorded;
    this.reportSoon();
  }

  /** The call has forgotten what was told before, such as after leaving it. */
  again(): void {
    this.last = "";
    this.reportSoon();
  }

  close(): void {
    clearTimeout(this.timer);
    this.stop.abort();
    this.meeting.disconnect();
    this.sizes.disconnect();
    this.watched.clear();
  }

  private reportSoon(): void {
    this.timer ??= setTimeout(() => this.tell(), SETTLE);
  }

  private tell(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const apart = document.pictureInPictureElement;
    const sights = [...this.watched].map(([element, { scale, height, ...tile }]): Sight => ({
      ...tile,
      height: height * scale,
      apart: apart !== null && element.contains(apart),
    }));
    const recorded = this.recorded.map(({ height, ...each }): Sight => ({
      ...each,
      height: height / devicePixelRatio,
      visible: true,
      pinned: false,
      apart: true,
    }));
    const hidden = document.visibilityState === "hidden";
    const page = { hidden, scale: devicePixelRatio, saving: choices().saving === true };
    const shown = shownOf([...sights, ...recorded], page);
    const text = JSON.stringify(shown);
    if (text === this.last) return;
    this.last = text;
    this.report(shown);
  }
}
