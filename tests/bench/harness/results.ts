/** What was measured, one file per row, so that a row can be measured again by itself. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { settings } from "./settings";
import type { RowKey } from "../report/rows";

export interface Sample {
  /** In the unit of the row. */
  values: number[];
  /** Milliseconds of processor time for each of the values, or for all of them together. */
  cpu?: number[];
  /** How often it did not work at all. */
  failures?: number;
}

export interface Measured {
  key: RowKey;
  at: string;
  quick: boolean;
  /** By contender. */
  samples: Record<string, Sample>;
  /** What should be known when it is read. */
  note?: string;
}

const folder = join(settings.results, "rows");

/** Keeps a row, and says what it came to. */
export async function keep(
  key: RowKey,
  samples: Record<string, Sample>,
  note?: string,
): Promise<void> {
  const at = new Date().toISOString();
  const row: Measured = { key, at, quick: settings.quick, samples, ...(note ? { note } : {}) };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${key}.json`), JSON.stringify(row));
  for (const [name, sample] of Object.entries(samples)) {
    const failed = sample.failures ? `, ${sample.failures} failed` : "";
    const cpu = sample.cpu?.length ? `, CPU ${part(sample.cpu, 0.5).toFixed(0)} ms` : "";
    const [p50, p95] = [part(sample.values, 0.5), part(sample.values, 0.95)];
    console.log(
      `${key} ${name}: ${p50.toFixed(2)} / ${p95.toFixed(2)} (${sample.values.length}${failed}${cpu})`,
    );
  }
}

/** All rows that were measured. */
export async function kept(): Promise<Measured[]> {
  const names = await readdir(folder).catch(() => []);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return texts.map((text) => JSON.parse(text) as Measured);
}

/** The value that this part of all values does not exceed. */
export function part(values: readonly number[], of: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * of))] ?? NaN;
}
