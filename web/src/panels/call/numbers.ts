/** Numbers about connections as a person reads them. */
import type { Picture } from "../../engine";

/** `1.2 Mbit/s`, `350 kbit/s`. */
export function bits(perSecond: number): string {
  if (!Number.isFinite(perSecond)) return "–";
  if (perSecond >= 999_500) return `${(perSecond / 1e6).toFixed(1)} Mbit/s`;
  return `${Math.round(perSecond / 1e3)} kbit/s`;
}

export function share(value: number): string {
  return Number.isFinite(value) ? `${(value * 100).toFixed(value > 0 && value < 0.1 ? 1 : 0)} %` : "–";
}

export function milliseconds(value: number): string {
  return Number.isFinite(value) ? `${Math.round(value)} ms` : "–";
}

/** `VP8 1280×720, 30 fps`. */
export function pictureWords({ codec, width, height, rate }: Picture): string {
  return `${codec} ${width}×${height}, ${Math.round(rate)} fps`;
}

/** As many samples as a plot has room for: two minutes. */
const SPAN = 120;

/** The points of a polyline. Values that are not known are left out. */
export function lineOf(
  values: readonly number[],
  { width, height }: { width: number; height: number },
): string {
  const recent = values.slice(-SPAN);
  const known = recent.filter(Number.isFinite);
  const most = Math.max(...known, Number.MIN_VALUE);
  return recent
    .flatMap((value, at) => {
      if (!Number.isFinite(value)) return [];
      const x = width - ((recent.length - 1 - at) * width) / (SPAN - 1);
      const y = height - 1 - (value / most) * (height - 2);
      return [`${x.toFixed(1)},${y.toFixed(1)}`];
    })
    .join(" ");
}

/** `3:12`, `1:03:12`. */
export function clock(span: number): string {
  const seconds = Math.floor(span / 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** `340 KB`, `12 MB`, `1.4 GB`. */
export function bytes(size: number): string {
  if (size >= 999.5e6) return `${(size / 1e9).toFixed(1)} GB`;
  return size >= 999_500 ? `${Math.round(size / 1e6)} MB` : `${Math.ceil(size / 1e3)} KB`;
}
