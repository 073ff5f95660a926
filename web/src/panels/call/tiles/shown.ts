/** The pictures of others that the page shows, as the call wants to know them. */
import type { Shown } from "../../../engine";

export interface Sight {
  readonly client: number;
  readonly source: "camera" | "screen";
  /** In CSS pixels. */
  readonly height: number;
  readonly visible: boolean;
  readonly pinned: boolean;
  /** In a window of its own, which is before the person even while the page is not. */
  readonly apart: boolean;
}

export interface Page {
  readonly hidden: boolean;
  /** Device pixels in a CSS pixel. */
  readonly scale: number;
  /** Smaller pictures will do. */
  readonly saving: boolean;
}

/** The most that is asked for while saving, in device pixels. A screen must stay legible. */
const SAVING = { camera: 180, screen: 720 };

/**
 * Each picture once, as large as it is shown anywhere. A camera that is off is among them: once it is on, its picture
 * need not be asked for.
 */
export function shownOf(sights: readonly Sight[], page: Page): Shown[] {
  const shown = new Map<string, Shown>();
  for (const { client, source, height, visible, pinned, apart } of sights) {
    if (!apart && (page.hidden || !visible || height <= 0)) continue;
    const key = `${client} ${source}`;
    const before = shown.get(key);
    const most = page.saving ? SAVING[source] : Infinity;
    shown.set(key, {
      client,
      source,
      height: Math.min(most, Math.max(before?.height ?? 0, Math.round(height * page.scale))),
      pinned: pinned || before?.pinned === true,
    });
  }
  return [...shown.values()].sort((a, b) => a.client - b.client || a.source.localeCompare(b.source));
}
