/** How loud everybody is, several times a second: put onto elements past React, and used to find who speaks. */
import type { Call } from "../../engine";
import { loudness, SPEECH } from "./own/meter";
import { SpeakerChoice } from "./tiles/speaker";

/** In milliseconds. */
const PERIOD = 125;

export class Levels {
  private readonly elements = new Map<HTMLElement, number>();
  private readonly choice = new SpeakerChoice();
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly call: Call,
    private readonly listener: { speaker: (client: number | undefined) => void; beat: () => void },
  ) {}

  /** Marks an element while its person speaks: `data-speaking`, and `--level` from 0 to 1. */
  mark(element: HTMLElement, client: number): () => void {
    this.elements.set(element, client);
    return () => this.elements.delete(element);
  }

  start(): void {
    this.timer ??= setInterval(() => this.beat(), PERIOD);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    for (const element of this.elements.keys()) show(element, 0);
  }

  private beat(): void {
    const { attendees } = this.call;
    const levels = new Map(
      attendees.map(({ client, microphone }) => [client, microphone === "on" ? this.call.level(client) : 0]),
    );
    for (const [element, client] of this.elements) show(element, levels.get(client) ?? 0);
    const others = attendees.filter(({ self }) => !self).map(({ client }) => client);
    this.listener.speaker(
      this.choice.heard(
        new Map(others.map((client) => [client, levels.get(client) ?? 0])),
        performance.now(),
      ),
    );
    this.listener.beat();
  }
}

function show(element: HTMLElement, level: number): void {
  element.toggleAttribute("data-speaking", level > SPEECH);
  element.style.setProperty("--level", loudness(level).toFixed(2));
}
