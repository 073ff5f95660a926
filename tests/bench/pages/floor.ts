/** A data channel and nothing else: what is written is what is sent. */
import { channel } from "./channel";
import { offer } from "./measures";
import { clock, instant, type Contender, type Meeting } from "./player";

class Floor implements Contender {
  heard: ((text: string) => void) | undefined;
  private wire: RTCDataChannel | undefined;
  private text = "";

  async meet({ place, at, own, other }: Meeting): Promise<number> {
    await instant(at);
    const [wire] = await Promise.all([this.open(place, own), this.hears(other)]);
    this.wire = wire;
    return clock();
  }

  private async open(place: string, own: string): Promise<RTCDataChannel> {
    const wire = await channel(place, ({ data }: MessageEvent<string>) => {
      this.text += data;
      this.heard?.(data);
    });
    wire.send(own);
    return wire;
  }

  private hears(words: string): Promise<void> {
    return new Promise((resolve) => {
      this.heard = (text) => {
        if (text === words) resolve();
      };
    });
  }

  insert(_at: number, text: string): void {
    this.wire?.send(text);
  }

  remove(): void {
    throw new Error("there is no document");
  }

  content(): string {
    return this.text;
  }

  length(): number {
    return this.text.length;
  }

  ready(): Promise<void> {
    return Promise.resolve();
  }
}

offer(new Floor());
