/** A contender whose text is a `Y.Text`. */
import type * as Y from "yjs";
import { clock, type Contender, type Meeting } from "./player";

export abstract class TextContender implements Contender {
  heard: ((text: string) => void) | undefined;
  protected text: Y.Text | undefined;

  abstract meet(meeting: Meeting): Promise<number>;
  abstract ready(): Promise<void>;

  insert(at: number, text: string): void {
    this.text?.insert(at, text);
  }

  remove(at: number, count: number): void {
    this.text?.delete(at, count);
  }

  content(): string {
    return this.text?.toJSON() ?? "";
  }

  length(): number {
    return this.text?.length ?? 0;
  }

  /** Hears what comes into this text from elsewhere. */
  protected follow(text: Y.Text): void {
    this.text = text;
    text.observe((event, transaction) => {
      // What an event tells of a change is found by going through the whole text.
      if (transaction.local || !this.heard) return;
      for (const { insert } of event.delta) if (typeof insert === "string") this.heard(insert);
    });
  }

  /** When this text had that in it. */
  protected shows(text: Y.Text, words: string): Promise<number> {
    return new Promise((resolve) => {
      const look = () => {
        if (!text.toJSON().includes(words)) return;
        text.unobserve(look);
        resolve(clock());
      };
      text.observe(look);
      look();
    });
  }
}
