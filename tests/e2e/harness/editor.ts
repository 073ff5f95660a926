/** The part of a text that somebody has before them. */
import { becomes } from "./condition";
import type { Person } from "./person";

export const shows = (person: Person, text: string) =>
  becomes(`what ${person.name}'s editor shows`, () => person.shown(), text);

/** The number of the first line on show. */
export const firstLine = (person: Person) =>
  person.page.getByRole("region", { name: "Code" }).evaluate((panel) => {
    const top = panel.querySelector(".cm-scroller")?.getBoundingClientRect().top ?? 0;
    const numbers = [...panel.querySelectorAll<HTMLElement>(".cm-lineNumbers .cm-gutterElement")];
    const first = numbers.find((each) => each.getBoundingClientRect().bottom > top + 8);
    return Number(first?.textContent ?? 0);
  });

export const lines = (count: number) =>
  Array.from({ length: count }, (_, at) => `line ${at + 1}`).join("\n");
