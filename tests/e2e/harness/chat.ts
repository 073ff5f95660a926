/** The chat as somebody sees and uses it. */
import type { Locator, Page } from "playwright-core";
import { becomes, PATIENCE, until } from "./condition";
import type { Person } from "./person";
import type { Stage } from "./stage";

/** A message as the list shows it, without the head that several of one person share. */
export interface Shown {
  id: string;
  text: string;
}

export class ChatPanel {
  constructor(readonly person: Person) {}

  static async of(person: Person): Promise<ChatPanel> {
    const chat = new ChatPanel(person);
    await chat.show();
    return chat;
  }

  get page(): Page {
    return this.person.page;
  }

  get region(): Locator {
    return this.page.getByRole("region", { name: "Chat", exact: true });
  }

  get list(): Locator {
    return this.region.getByRole("log", { name: "Conversation" });
  }

  get thread(): Locator {
    return this.region.getByRole("complementary", { name: "Thread" });
  }

  get field(): Locator {
    return this.region.getByLabel("Message", { exact: true });
  }

  async show(): Promise<void> {
    await this.button.waitFor({ timeout: PATIENCE });
    if ((await this.button.getAttribute("aria-pressed")) === "false") await this.toggle();
    await this.list.waitFor({ timeout: PATIENCE });
  }

  async hide(): Promise<void> {
    if ((await this.button.getAttribute("aria-pressed")) === "true") await this.toggle();
    await this.region.waitFor({ state: "hidden" });
  }

  /** The button in the header that shows and hides the panel. */
  get button(): Locator {
    return this.page.getByRole("group", { name: "Panels" }).getByRole("button", { name: /Chat/ });
  }

  /** The number of unread messages on it. */
  async unread(): Promise<number> {
    return Number(/(\d+)\s*unread/.exec(await this.button.innerText())?.[1] ?? 0);
  }

  async hasUnread(count: number): Promise<void> {
    await becomes(`${this.person.name}'s unread messages`, () => this.unread(), count);
  }

  private async toggle(): Promise<void> {
    await this.button.click();
  }

  /** The message that shows this text. */
  message(text: string, within: Locator = this.list): Locator {
    return within.getByRole("article").filter({ hasText: text });
  }

  async say(text: string): Promise<void> {
    await this.field.fill(text);
    await this.field.press("Enter");
  }

  async sees(text: string, within: Locator = this.list): Promise<void> {
    await this.message(text, within).last().waitFor({ timeout: PATIENCE });
  }

  /** Turns the wheel until a message is on the screen. */
  async scrollTo(text: string, by: number): Promise<void> {
    await this.list.hover();
    await until(`${this.person.name} has scrolled to ${text}`, async () => {
      if (await this.isInView(text)) return true;
      await this.page.mouse.wheel(0, by);
      return false;
    });
  }

  /** Presses the button that leads to the end of the list, if it is there. */
  async goToEnd(): Promise<void> {
    const jump = this.region.getByRole("button", { name: /^Jump to the latest/ });
    await jump.evaluateAll((all) => all.forEach((button) => (button as HTMLElement).click()));
  }

  /** Waits until a message is on the screen: what is near it is drawn too. */
  async hasInView(text: string): Promise<void> {
    await until(`${this.person.name} looks at ${text}`, () => this.isInView(text));
  }

  private async isInView(text: string): Promise<boolean> {
    const message = this.message(text).last();
    if (!(await message.isVisible())) return false;
    const [box, list] = await Promise.all([message.boundingBox(), this.list.boundingBox()]);
    return !!box && !!list && box.y + box.height > list.y && box.y < list.y + list.height;
  }

  async seesNo(text: string): Promise<void> {
    const look = () => this.message(text).count();
    await becomes(`${this.person.name}: messages with ${text}`, look, 0);
  }

  /** A button of a message's toolbar, which comes with the pointer. */
  async act(text: string, action: string, within: Locator = this.list): Promise<void> {
    const message = this.message(text, within).last();
    const actions = message.getByRole("toolbar", { name: "Actions" });
    await until(`the actions of “${text}”`, async () => {
      await message.hover();
      return actions.isVisible();
    });
    await actions.getByRole("button", { name: action, exact: true }).click();
  }

  /** The texts on the screen, from the top. */
  async texts(): Promise<string[]> {
    return this.list.locator("article .chat-text").allInnerTexts();
  }

  async shows(texts: string[]): Promise<void> {
    const look = async () => JSON.stringify(await this.texts());
    await becomes(`${this.person.name}'s messages`, look, JSON.stringify(texts));
  }

  /** Writes records into one's own list as they are, as another page than ours might; returns the id of the first. */
  async write(records: unknown[]): Promise<string> {
    return this.page.evaluate(async (records) => {
      const room = globalThis.coveyRoom;
      const self = room?.people.find((person) => person.self)?.id ?? "";
      const view = await room?.doc("chat");
      if (!view) throw new Error("no room is open");
      const { doc } = view;
      const last = doc.store.clients.get(doc.clientID)?.at(-1);
      // Read before: what is pushed may become one with it.
      const clock = last ? last.id.clock + last.length : 0;
      doc.getArray(`from/${self}`).push(records);
      return `${doc.clientID}.${clock}`;
    }, records);
  }

  /** How many records of everybody the document holds. */
  records(): Promise<number> {
    return this.page.evaluate(async () => {
      const view = await globalThis.coveyRoom?.doc("chat");
      let count = 0;
      for (const root of view?.doc.share.keys() ?? [])
        count += view?.doc.getArray(root).length ?? 0;
      return count;
    });
  }

  async hasRecords(count: number, within = PATIENCE): Promise<void> {
    await until(
      `${this.person.name} has ${count} records`,
      async () => (await this.records()) === count,
      within,
    );
  }
}

/** Two people in one room, with the chat before them. */
export async function chats(stage: Stage): Promise<[ChatPanel, ChatPanel]> {
  const [alice, bob] = await stage.pair();
  return [await ChatPanel.of(alice), await ChatPanel.of(bob)];
}
