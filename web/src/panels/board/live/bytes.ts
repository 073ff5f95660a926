/** Small binary messages: what is written in order is read in order, and reading beyond the end is told, not thrown. */

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

export class Writer {
  private readonly parts: Uint8Array[] = [];
  length = 0;

  u8(value: number): this {
    return this.push(Uint8Array.of(value));
  }

  f64(value: number): this {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value, true);
    return this.push(bytes);
  }

  /** Bytes behind their length, which is below 2¹⁶. */
  bytes(value: Uint8Array): this {
    return this.push(Uint8Array.of(value.length & 0xff, value.length >> 8)).push(value);
  }

  text(value: string): this {
    return this.bytes(encoder.encode(value));
  }

  finish(): Uint8Array {
    const all = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  private push(bytes: Uint8Array): this {
    this.parts.push(bytes);
    this.length += bytes.length;
    return this;
  }
}

export class Reader {
  private at = 0;
  /** Something was missing or wrong: nothing that was read counts. */
  broken = false;

  constructor(private readonly all: Uint8Array) {}

  get atEnd(): boolean {
    return this.broken || this.at >= this.all.length;
  }

  u8(): number {
    return this.take(1)[0] ?? 0;
  }

  f64(): number {
    const bytes = this.take(8);
    const value = new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true);
    if (!Number.isFinite(value)) this.broken = true;
    return value;
  }

  bytes(): Uint8Array {
    const [low = 0, high = 0] = this.take(2);
    return this.take(low | (high << 8));
  }

  text(): string {
    try {
      return decoder.decode(this.bytes());
    } catch {
      this.broken = true;
      return "";
    }
  }

  private take(length: number): Uint8Array {
    const end = this.at + length;
    if (this.broken || end > this.all.length) {
      this.broken = true;
      return new Uint8Array(length);
    }
    const bytes = this.all.subarray(this.at, end);
    this.at = end;
    return bytes;
  }
}
