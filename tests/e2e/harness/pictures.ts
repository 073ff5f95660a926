/** Pictures of what a person sees, of every view. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { settings } from "./settings";
import type { Person } from "./person";

export const WIDE = { width: 1440, height: 900 };
export const MIDDLE = { width: 1024, height: 768 };
export const NARROW = { width: 390, height: 844 };

export class Pictures {
  constructor(private readonly dark: boolean) {}

  /** One picture, in the size that the window has. */
  async take(person: Person, view: string): Promise<void> {
    await mkdir(settings.shots, { recursive: true });
    const width = person.page.viewportSize()?.width ?? 0;
    const name = `${view}-${width}-${this.dark ? "dark" : "light"}.png`;
    await person.page.screenshot({ path: join(settings.shots, name), animations: "disabled" });
  }

  /** On a wide and on a narrower screen. */
  async both(person: Person, view: string): Promise<void> {
    for (const size of [MIDDLE, WIDE]) {
      await person.page.setViewportSize(size);
      await this.take(person, view);
    }
  }
}
