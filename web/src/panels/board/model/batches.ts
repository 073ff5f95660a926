/** Entries in parts, each of which one update may carry: what is written at once beyond that is refused as a whole. */
import { amountOf } from "./bulk";

/** Bytes written at once: less than one update may carry. */
const BATCH = 256 * 1024;

export type Entry = readonly [id: string, value: unknown];

export function* batches(entries: Iterable<Entry>): Generator<Entry[]> {
  let batch: Entry[] = [];
  let size = 0;
  for (const entry of entries) {
    const bytes = bytesOf(entry[1]);
    if (size + bytes > BATCH && batch.length > 0) {
      yield batch;
      [batch, size] = [[], 0];
    }
    size += bytes;
    batch.push(entry);
  }
  if (batch.length > 0) yield batch;
}

/** Numbers take eight bytes at most, and what is not counted of an element some hundred. */
function bytesOf(value: unknown): number {
  const { points, letters } = amountOf(value);
  return points * 16 + letters * 3 + 1_024;
}
