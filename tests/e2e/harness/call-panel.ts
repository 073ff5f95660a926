/** The panel *Call* of somebody at Chromium, and the people of a call. */
import type { Locator, Page } from "playwright-core";
import { CallView } from "./call";
import { answer, installProbe, type Left } from "./call-probe";
import { devices, LOOKS, type Name } from "./camera";
import { becomes, PATIENCE, until } from "./condition";
import { region } from "./panels";
import type { Person } from "./person";
import type { BrowserOptions } from "./browser";
import type { Stage } from "./stage";

type Device = "microphone" | "camera";
/** Which of one's devices are on; both, where nothing is said. */
export type Devices = Partial<Record<Device, boolean>>;

export class CallPanel extends CallView {
  private constructor(
    override readonly name: Name,
    readonly person: Person,
  ) {
    super(name, (question) => person.page.evaluate(answer, question));
  }

  /** Somebody with a camera of their colour and a microphone of their tone, whose browser is not started yet. */
  static async of(stage: Stage, name: Name, options: BrowserOptions = {}): Promise<CallPanel> {
    const { flags, scripts = [], ...others } = options;
    const person = stage.person(name, {
      width: 1440,
      height: 900,
      permissions: ["camera", "microphone"],
      flags: flags ?? (await devices(stage.path(`devices of ${name}`), LOOKS[name])),
      scripts: [installProbe, ...scripts],
      ...others,
    });
    return new CallPanel(name, person);
  }

  get page(): Page {
    return this.person.page;
  }

  get region(): Locator {
    return region(this.person, "Call");
  }

  get dialog(): Locator {
    return this.page.getByRole("dialog");
  }

  /** The button in the header that shows and hides the panel. */
  get toggle(): Locator {
    return this.page.getByRole("group", { name: "Panels" }).getByRole("button", { name: /^Call/ });
  }

  button(name: string): Locator {
    return this.region.getByRole("button", { name, exact: true });
  }

  tile(name: string): Locator {
    return this.region.getByRole("group", { name, exact: true });
  }

  /** A word in a tile, or the name of a picture in it. */
  mark(tile: string, word: RegExp): Locator {
    const within = this.tile(tile);
    return within
      .getByText(word)
      .or(within.getByRole("img", { name: word }))
      .first();
  }

  async reaches(other: string): Promise<void> {
    const look = () =>
      this.page.evaluate(
        (name) => globalThis.coveyRoom?.people.find((person) => person.name === name)?.path,
        other,
      );
    await becomes(`how ${this.name} reaches ${other}`, look, "direct");
  }

  /** Shows the panel. */
  async show(): Promise<void> {
    await this.toggle.waitFor({ timeout: PATIENCE });
    if ((await this.toggle.getAttribute("aria-pressed")) === "false") await this.toggle.click();
    await this.region.waitFor({ timeout: PATIENCE });
  }

  async hide(): Promise<void> {
    await this.toggle.click();
    await this.region.waitFor({ state: "hidden" });
  }

  /** Joins, with what is wanted of one's devices. */
  async join(wanted: Devices = {}): Promise<void> {
    await this.show();
    await this.button("Join call").click();
    await this.dialog.waitFor({ timeout: PATIENCE });
    // On first, whatever is wanted: what the dialog turns on by itself is on by then.
    for (const device of ["microphone", "camera"] as const) await this.turn(device, true);
    for (const device of ["microphone", "camera"] as const)
      if (wanted[device] === false) await this.turn(device, false);
    await this.dialog.getByRole("button", { name: "Join call", exact: true }).click();
    await this.inCall();
  }

  async inCall(): Promise<void> {
    await this.button("Leave call").waitFor({ timeout: PATIENCE });
  }

  async leave(): Promise<void> {
    await this.press("Leave call");
    await this.button("Join call").waitFor({ timeout: PATIENCE });
  }

  /** Presses a button of the call. */
  async press(name: string): Promise<void> {
    await this.button(name).click({ timeout: PATIENCE });
  }

  /** The items in the menu of a tile, which stays open. */
  async items(tile: string): Promise<string[]> {
    await this.tile(tile).hover();
    await this.tile(tile)
      .getByRole("button", { name: /More|Options|Menu/ })
      .click();
    const menu = this.page.getByRole("menu");
    await menu.waitFor();
    return menu.getByRole("menuitem").allInnerTexts();
  }

  /** Chooses an item in the menu of a tile. */
  async choose(tile: string, item: string): Promise<void> {
    await this.items(tile);
    await this.page.getByRole("menuitem", { name: item, exact: true }).click();
  }

  /** In the dialog: goes to a button by the tabulator. */
  async tabTo(name: string): Promise<void> {
    const button = this.dialog.getByRole("button", { name, exact: true });
    await until(`${this.name} reaches ${name}`, async () => {
      const there = await button.evaluate((each) => each === document.activeElement);
      if (!there) await this.page.keyboard.press("Tab");
      return there;
    });
  }

  /** Waits until there are so many connections with media. */
  async hasCalls(count: number): Promise<void> {
    const look = async () => (await this.ask("left")).calls;
    await becomes(`calls of ${this.name}`, look, count);
  }

  /** Nobody has a tile but those. */
  async shows(names: readonly string[]): Promise<void> {
    for (const name of names) await this.tile(name).waitFor({ timeout: PATIENCE });
    for (const name of Object.keys(LOOKS))
      if (!names.includes(name) && name !== this.name)
        await this.tile(name).waitFor({ state: "detached", timeout: PATIENCE });
  }

  /** Waits until no more is left over than this. */
  async leaves(wanted: Left): Promise<void> {
    let seen: Left | undefined;
    const look = async () => {
      seen = await this.ask("left");
      return JSON.stringify(seen) === JSON.stringify(wanted);
    };
    await until(`as much is left at ${this.name}`, look).catch(() => {
      throw new Error(
        `at ${this.name} there is ${JSON.stringify(seen)}, not ${JSON.stringify(wanted)}`,
      );
    });
  }

  /** In the dialog. */
  private async turn(device: Device, on: boolean): Promise<void> {
    const [wanted, other] = on ? ["on", "off"] : ["off", "on"];
    const change = this.dialog.getByRole("button", { name: `Turn ${wanted} ${device}` });
    const done = this.dialog.getByRole("button", { name: `Turn ${other} ${device}` });
    await until(`${this.name}: the ${device} is ${wanted}`, async () => {
      // A device that is being turned on has a button that can't be pressed.
      if (await change.isVisible()) await change.click({ timeout: 1_000 }).catch(() => undefined);
      return done.isVisible();
    });
  }
}

type Cast = [Name, ...Name[]];

/** People in one room who see each other directly; nobody is in the call. */
export async function gathered<T extends Cast>(
  stage: Stage,
  ...names: T
): Promise<{ [K in keyof T]: CallPanel }> {
  const people: CallPanel[] = [];
  let link = "";
  for (const name of names) {
    const panel = await CallPanel.of(stage, name);
    const { person } = panel;
    if (link === "") {
      await person.arrive();
      await person.createRoom("A call");
      link = await person.invite();
    } else {
      await person.join(link);
    }
    await Promise.all(people.map((other) => connected(other, panel)));
    people.push(panel);
  }
  return people as { [K in keyof T]: CallPanel };
}

/** Both are connected directly; the panel *People* need not be on show. */
export async function connected(one: CallPanel, other: CallPanel): Promise<void> {
  await Promise.all([one.reaches(other.name), other.reaches(one.name)]);
}
