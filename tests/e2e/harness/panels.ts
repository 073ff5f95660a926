/** Somebody's panels: which are on show and where, and what is done with them. */
import { becomes } from "./condition";
import type { Person } from "./person";

export type Panel = "Code" | "Board" | "Chat" | "People" | "Call" | "Notes";

export const region = (person: Person, panel: Panel) =>
  person.page.getByRole("region", { name: panel, exact: true });
export const toggle = (person: Person, panel: Panel) =>
  person.page
    .getByRole("group", { name: "Panels" })
    .getByRole("button", { name: panel, exact: true });

/** The panels on show, from left to right: `Code | People / Chat` has two in one column. */
function drawn(person: Person): Promise<string> {
  return person.page.evaluate(() => {
    const sections = [...document.querySelectorAll("section[aria-label]")];
    const shown = sections.flatMap((section) => {
      const { x, y, width } = section.getBoundingClientRect();
      const label = section.getAttribute("aria-label") ?? "";
      return width === 0 || !section.parentElement?.dataset.panel
        ? []
        : [{ label, x: Math.round(x), y }];
    });
    const columns = [...new Set(shown.map(({ x }) => x))].sort((a, b) => a - b);
    const column = (x: number) =>
      shown
        .filter((each) => each.x === x)
        .sort((a, b) => a.y - b.y)
        .map(({ label }) => label)
        .join(" / ");
    return columns.map(column).join(" | ");
  });
}

export const shows = (person: Person, wanted: string) =>
  becomes(`${person.name}'s panels`, () => drawn(person), wanted);

export async function choose(person: Person, panel: Panel, item: string): Promise<void> {
  await person.page.getByRole("button", { name: `Arrange ${panel}` }).click();
  await person.page.getByRole("menuitem", { name: item, exact: true }).click();
  await person.page.getByRole("menu").waitFor({ state: "detached" });
}
