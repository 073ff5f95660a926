/** Notices whatever a text of somebody else's makes a browser do. */
import { expect } from "vitest";
import type { Person } from "./person";

export class Trap {
  private readonly sprung: string[] = [];

  private constructor(private readonly person: Person) {}

  /** Set once the page is there; what it did before does not count. */
  static async set(person: Person): Promise<Trap> {
    const trap = new Trap(person);
    const { sprung } = trap;
    const { page } = person;
    const context = page.context();
    // Also in frames and windows to come.
    await context.exposeBinding("coveyTrap", ({ frame }) => {
      sprung.push(`ran in ${frame.url()}`);
    });
    context.on("page", (other) => sprung.push(`opened a window: ${other.url()}`));
    page.on("dialog", (dialog) => {
      sprung.push(`opened a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("download", (download) => sprung.push(`downloaded ${download.url()}`));
    page.on("framenavigated", (frame) => {
      if (new URL(frame.url()).origin !== new URL(person.browser.origin).origin) {
        sprung.push(`went to ${frame.url()}`);
      }
    });
    page.on("frameattached", () => sprung.push("attached a frame"));
    return trap;
  }

  /** Nothing ran, nothing was opened; links lead only to where one may go; no text became markup. */
  async holds(what: string): Promise<void> {
    const found = await this.person.page.evaluate(look);
    expect({ what, ...found, sprung: this.sprung }).toEqual({
      what,
      inherited: [],
      attributes: [],
      addresses: [],
      strangers: [],
      sprung: [],
    });
  }
}

/** Waits until the page has drawn everything. */
export function drawn({ page }: Person): Promise<void> {
  return page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
  );
}

/** In the page: whatever of its document is not of its own making. */
function look() {
  const all = [...document.querySelectorAll("*")];
  const inherited: string[] = [];
  for (const name in {}) inherited.push(name);
  const attributes = all.flatMap((element) =>
    element
      .getAttributeNames()
      .filter((name) => /^(on.*|srcdoc|formaction)$/.test(name))
      .map((name) => `${element.localName} ${name}`),
  );
  const addresses = all
    .filter((element) => !/^(script|link|meta|img|image)$/.test(element.localName))
    .flatMap((element) =>
      ["href", "xlink:href", "action", "src", "data", "style"].map((name) => ({
        name,
        value: element.getAttribute(name),
      })),
    )
    .filter(({ name, value }) =>
      name === "style"
        ? value?.includes("elsewhere.example")
        : value !== null && !/^(https?:\/\/|mailto:|#)/i.test(value),
    )
    .map(({ value }) => value);
  const strangers = all
    .filter(({ localName }) => /^(iframe|object|embed|portal|base|math|meta|form)$/.test(localName))
    .filter((element) => !document.head.contains(element) && !element.matches("form:not([action])"))
    .map((element) => element.outerHTML.slice(0, 200));
  return { inherited, attributes, addresses, strangers };
}
