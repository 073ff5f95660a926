/** Somebody at a browser: what they do on the page and what they see there. */
import { createHash } from "node:crypto";
import type { Page } from "playwright-core";
import type { RoomStats, Status } from "../../../wasm/ts/types";
import { Browser, type BrowserOptions } from "./browser";
import { becomes, PATIENCE, pace, until } from "./condition";
import { invited } from "./invite";
import { Files } from "./files";

/** The file that everyone writes in. */
const FILE = "file/main";

export interface Seen {
  name: string;
  /** The badge beside the name; none beside one's own. */
  badge: "direct" | "relayed" | "offline" | undefined;
}

export interface Caret {
  /** The text of its line before it. */
  behind: string;
  color: string;
}

export class Person {
  readonly browser: Browser;
  readonly files = new Files(this);

  constructor(
    readonly name: string,
    profile: string,
    origin: string,
    options: BrowserOptions = {},
    browser = new Browser(profile, origin, options),
  ) {
    this.browser = browser;
  }

  /** The same person at another tab of their browser. */
  async tab(): Promise<Person> {
    const browser = await this.browser.tab();
    const { profile, origin } = browser;
    const tab = new Person(this.name, profile, origin, {}, browser);
    await tab.page.goto(origin);
    return tab;
  }

  get page(): Page {
    return this.browser.page;
  }

  /** Opens a browser on the page, or on a link. */
  async arrive(address = this.browser.origin): Promise<void> {
    await this.browser.start();
    await this.page.goto(address);
  }

  async createRoom(title: string): Promise<void> {
    await this.page.getByLabel("Your name").fill(this.name);
    await this.page.getByLabel("Title").fill(title);
    await this.page.getByRole("button", { name: "Create room" }).click();
    await this.inRoom();
  }

  /** Opens a link and goes in. */
  async join(link: string): Promise<void> {
    await this.arrive(link);
    const join = this.page.getByRole("button", { name: "Join room" });
    await join.waitFor({ timeout: PATIENCE });
    // The secrets have left the address bar before anybody can look at it.
    if (this.page.url().includes("#")) throw new Error("the link stands in the address bar");
    await this.page.getByLabel("Your name").fill(this.name);
    await join.click();
    await this.inRoom();
  }

  /** The room is on show, with its text loaded and an editor. */
  async inRoom(): Promise<void> {
    await this.page.getByRole("region", { name: "People" }).waitFor({ timeout: PATIENCE });
    await this.editor.waitFor({ timeout: PATIENCE });
    await until(`${this.name}: the room is loaded`, async () => (await this.status()).loaded);
  }

  /** A link from the invite dialog, for all parts of the room but those `left` out. */
  invite(role?: "participant" | "viewer", left?: readonly string[]): Promise<string> {
    return invited(this, role, left);
  }

  /** Opens a room that this device has. */
  async reopen(title: string): Promise<void> {
    await this.page
      .getByRole("region", { name: "Rooms on this device" })
      .getByRole("button", { name: new RegExp(`^${title}`) })
      .click();
    await this.inRoom();
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.inRoom();
  }

  /** The worker can open the page without any server. */
  async offlineReady(): Promise<void> {
    await until(`${this.name}: the page can open offline`, () =>
      this.page.evaluate(() => document.documentElement.dataset.offlineReady === "yes"),
    );
  }

  // What is seen

  people(): Promise<Seen[]> {
    const items = this.page.getByRole("region", { name: "People" }).getByRole("listitem");
    return items.evaluateAll((all) =>
      all.map((item) => {
        const words = (item as HTMLElement).innerText
          .split(/\s*\n\s*/)
          .filter((word) => word !== "");
        const badge = words.find(
          (word): word is "direct" | "relayed" | "offline" =>
            word === "direct" || word === "relayed" || word === "offline",
        );
        // An avatar with an initial may come first.
        const name = words.find((word) => word.length > 2) ?? "";
        return { name, badge };
      }),
    );
  }

  /** Waits until somebody's badge says this. */
  async sees(name: string, badge: Seen["badge"], within = PATIENCE): Promise<void> {
    const look = async () => (await this.people()).find((person) => person.name === name)?.badge;
    await becomes(`${this.name} sees the badge of ${name}`, look, badge, within);
  }

  /** The badge of the whole room, in the header. */
  reach(): Promise<string> {
    return this.page.locator("header").getByRole("status").first().innerText();
  }

  get editor() {
    return this.page.getByRole("region", { name: "Code" }).locator(".cm-content");
  }

  /** The editor's text, if it is short enough to be on the screen. */
  shown(): Promise<string> {
    return this.editor.evaluate((content) =>
      [...content.querySelectorAll(".cm-line")].map((line) => line.textContent).join("\n"),
    );
  }

  /** Somebody else's caret in the editor. */
  caretOf(name: string): Promise<Caret | undefined> {
    return this.editor.evaluate((content, name) => {
      const carets = [...content.querySelectorAll<HTMLElement>(".cm-ySelectionCaret")];
      const caret = carets.find((caret) => caret.dataset.name === name);
      const line = caret?.closest(".cm-line");
      if (!caret || !line) return undefined;
      const range = document.createRange();
      range.setStart(line, 0);
      range.setEndBefore(caret);
      return { behind: range.toString(), color: getComputedStyle(caret).backgroundColor };
    }, name);
  }

  /** Somebody's colour as the list of people has it, in the form of computed styles. */
  colorOf(name: string): Promise<string> {
    return this.page.evaluate((name) => {
      const probe = document.createElement("i");
      probe.style.color =
        globalThis.coveyRoom?.people.find((each) => each.name === name)?.color ?? "";
      document.body.append(probe);
      const { color } = getComputedStyle(probe);
      probe.remove();
      return color;
    }, name);
  }

  /** The whole text of the document. */
  text(): Promise<string> {
    return this.page.evaluate(async (file) => {
      const view = await globalThis.coveyRoom?.doc("code");
      return view?.doc.getText(file).toJSON() ?? "";
    }, FILE);
  }

  async hasText(text: string, within = PATIENCE): Promise<void> {
    await becomes(`${this.name}'s text`, () => this.text(), text, within);
  }

  /** How long the text is here. */
  length(): Promise<number> {
    return this.page.evaluate(async (file) => {
      const view = await globalThis.coveyRoom?.doc("code");
      return view?.doc.getText(file).length ?? 0;
    }, FILE);
  }

  /** Waits for a text too large to be carried out of the page again and again. */
  async hasLargeText(text: string, within = PATIENCE): Promise<void> {
    const wanted = `${text.length} ${createHash("sha256").update(text).digest("hex")}`;
    const look = () =>
      this.page.evaluate(
        async ([file, length]) => {
          const view = await globalThis.coveyRoom?.doc("code");
          const text = view?.doc.getText(file).toJSON() ?? "";
          if (text.length !== length) return `${text.length}`;
          const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
          const hex = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0"));
          return `${text.length} ${hex.join("")}`;
        },
        [FILE, text.length] as const,
      );
    await becomes(`${this.name}'s text (length and hash)`, look, wanted, within);
  }

  status(): Promise<Status> {
    return this.page.evaluate(() => {
      const room = globalThis.coveyRoom;
      if (!room) throw new Error("no room is open");
      return room.status;
    });
  }

  stats(): Promise<RoomStats> {
    return this.page.evaluate(() => {
      const room = globalThis.coveyRoom;
      if (!room) throw new Error("no room is open");
      return room.stats();
    });
  }

  /** Waits until this person is told that everything is saved. */
  async saved(): Promise<void> {
    await until(
      `${this.name}: everything is saved`,
      async () => (await this.status()).unsaved === 0,
    );
  }

  /** Another device has on its disk all that this person wrote. */
  async delivered(): Promise<void> {
    await until(
      `another's disk has everything of ${this.name}'s`,
      async () => (await this.status()).waiting === 0,
    );
  }

  // What is done

  /** Types into the editor at the caret, each key on time. */
  async type(text: string, perSecond: number): Promise<void> {
    await this.editor.and(this.page.locator("[contenteditable=true]")).focus();
    await pace(text, perSecond, (key) => this.page.keyboard.press(key));
  }

  /** Puts the caret at one end of the whole text. */
  async goTo(end: "start" | "end"): Promise<void> {
    await this.editor.focus();
    await this.page.keyboard.press(end === "start" ? "ControlOrMeta+Home" : "ControlOrMeta+End");
  }

  /** Pastes from the clipboard. */
  async paste(text: string): Promise<void> {
    await this.editor.focus();
    await this.page.evaluate((text) => navigator.clipboard.writeText(text), text);
    await this.page.keyboard.press("ControlOrMeta+V");
  }
}
