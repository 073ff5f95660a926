/** The table, as Markdown. */
import type { Measured } from "../harness/results";
import { OURS, statistic, verdict } from "./judge";
import { ROWS, type Bound, type Row, type RowKey } from "./rows";

const COLUMNS = { floor: "floor", yjs: "Yjs on a bare channel", "y-webrtc": "y-webrtc" };
const VERDICTS = { aim: "aim reached", must: "must reached", no: "**missed**", "": "" };

/** All rows that were measured, the most important first. */
export function table(rows: ReadonlyMap<RowKey, Measured>): string {
  const head = ["", ...Object.values(COLUMNS), "Covey", "Covey to", "must", "aim", ""];
  const lines = [head, head.map(() => "---")];
  const notes: string[] = [];
  for (const [key, row] of Object.entries(ROWS) as [RowKey, Row][]) {
    const measured = rows.get(key);
    if (!measured) continue;
    const others = Object.keys(COLUMNS).map((name) => cell(row, measured, name));
    const note = measured.note === undefined ? "" : ` (${notes.push(measured.note)})`;
    lines.push([
      `${row.title}, ${row.unit}${note}`,
      ...others,
      cell(row, measured, OURS),
      ratios(row, measured),
      bounds(row.must),
      bounds(row.aim),
      VERDICTS[verdict(row, measured)],
    ]);
  }
  const text = lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
  return `${text}\n\n${notes.map((note, at) => `(${at + 1}) ${note}`).join("  \n")}\n`;
}

/** Median and 95th percentile, and what it cost. */
function cell(row: Row, { samples }: Measured, name: string): string {
  const sample = samples[name];
  if (!sample) return "";
  if (sample.values.length === 0) return `never (${sample.failures ?? 0} times)`;
  const [median, p95] = [statistic(sample, "median"), statistic(sample, "p95")];
  const spread =
    sample.values.length > 1 ? ` / ${figure(row.less ? p95 : least(sample.values))}` : "";
  const cpu = sample.cpu?.length
    ? `, CPU ${figure(statistic({ values: sample.cpu }, "median"))} ms`
    : "";
  const failures = sample.failures ? `, failed ${sample.failures}x` : "";
  return `${figure(median)}${spread}${cpu}${failures}`;
}

/** Ours to what the bounds are multiples of. */
function ratios(row: Row, { samples }: Measured): string {
  const bounds = [...row.must, ...row.aim].filter(({ times }) => times !== undefined);
  const shown = bounds.map(({ of, times = "" }) => {
    const ratio = statistic(samples[OURS], of) / statistic(samples[times], of);
    const other =
      samples[times] && !(times in COLUMNS) ? ` (${figure(statistic(samples[times], of))})` : "";
    return `${figure(ratio)}x ${times}${other}${of === "p95" ? ", p95" : ""}`;
  });
  return [...new Set(shown)].join("; ");
}

function bounds(bounds: Bound[]): string {
  const shown = bounds.map(({ of, value, times }) => {
    const number = `${value.toLocaleString("en")}${times === undefined ? "" : "x"}`;
    return of === "p95" ? `${number} (p95)` : number;
  });
  return shown.join(", ");
}

function least(values: readonly number[]): number {
  return Math.min(...values);
}

/** Three figures, no more. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return "?";
  if (value >= 100) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(3)));
}
