/** Yjs on a bare data channel: state vectors, what lacks, then every update as it comes. */
import * as Y from "yjs";
import { channel } from "./channel";
import { offer } from "./measures";
import { instant, turn, type Meeting } from "./player";
import { TextContender } from "./text";

const VECTOR = 0;
const PART = 1;
const WHOLE = 2;
/** What one message carries at most: Chromium takes 256 KiB. */
const MESSAGE = 128 << 10;
const HIGH_WATER = 1 << 20;

class Bare extends TextContender {
  readonly doc = new Y.Doc();
  private wire: RTCDataChannel | undefined;
  private parts: Uint8Array[] = [];

  constructor() {
    super();
    this.follow(this.doc.getText("text"));
  }

  async meet({ place, at, own, other }: Meeting): Promise<number> {
    const text = this.doc.getText("text");
    text.insert(0, own);
    await instant(at);
    const wire = await channel(place, ({ data, target }: MessageEvent<ArrayBuffer>) => {
      this.wire ??= target as RTCDataChannel;
      this.take(new Uint8Array(data));
    });
    this.wire = wire;
    this.doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== this) this.send(update);
    });
    wire.send(framed(VECTOR, Y.encodeStateVector(this.doc)));
    return this.shows(text, other);
  }

  async ready(): Promise<void> {
    while ((this.wire?.bufferedAmount ?? 0) > HIGH_WATER) await turn();
  }

  private take(message: Uint8Array): void {
    const [kind, rest] = [message[0], message.subarray(1)];
    if (kind === VECTOR) {
      this.send(Y.encodeStateAsUpdate(this.doc, rest));
      return;
    }
    this.parts.push(rest);
    if (kind === PART) return;
    const parts = this.parts.splice(0);
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let from = 0;
    for (const part of parts) {
      whole.set(part, from);
      from += part.length;
    }
    Y.applyUpdate(this.doc, whole, this);
  }

  private send(update: Uint8Array): void {
    for (let from = 0; from < update.length; from += MESSAGE) {
      const kind = from + MESSAGE < update.length ? PART : WHOLE;
      this.wire?.send(framed(kind, update.subarray(from, from + MESSAGE)));
    }
  }
}

function framed(kind: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(bytes.length + 1);
  message[0] = kind;
  message.set(bytes, 1);
  return message;
}

offer(new Bare());
