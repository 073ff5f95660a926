/** What a row came to, and how that stands to what it must and should reach. */
import { part, type Measured, type Sample } from "../harness/results";
import type { Bound, Row, Statistic } from "./rows";

export type Verdict = "aim" | "must" | "no" | "";

export const OURS = "covey";

export function statistic(sample: Sample | undefined, of: Statistic): number {
  return sample === undefined ? NaN : part(sample.values, of === "median" ? 0.5 : 0.95);
}

/** A bound in the unit of the row; none where what it is a multiple of was not measured. */
export function limit(bound: Bound, { samples }: Measured): number {
  return bound.times === undefined
    ? bound.value
    : bound.value * statistic(samples[bound.times], bound.of);
}

export function verdict(row: Row, measured: Measured): Verdict {
  if (row.must.length === 0) return "";
  if (measured.samples[OURS]?.failures) return "no";
  const keeps = (bounds: Bound[]) =>
    bounds.every((bound) => {
      const value = statistic(measured.samples[OURS], bound.of);
      return row.less ? value <= limit(bound, measured) : value >= limit(bound, measured);
    });
  if (!keeps(row.must)) return "no";
  return row.aim.length > 0 && keeps(row.aim) ? "aim" : "must";
}

/** How far a contender is from what we must reach, by the worst statistic: above 1 it is missed. */
export function share(row: Row, measured: Measured, name: string): number {
  const shares = row.must.map((bound) => {
    const value = statistic(measured.samples[name], bound.of);
    const most = limit(bound, measured);
    return row.less ? value / most : most / value;
  });
  return Math.max(...shares);
}

/** The same for the aim. */
export function aimShare(row: Row, measured: Measured): number {
  const [must, aim] = [row.must[0], row.aim[0]];
  if (!must || !aim) return NaN;
  const ratio = limit(aim, measured) / limit(must, measured);
  return row.less ? ratio : 1 / ratio;
}
