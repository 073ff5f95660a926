/** Somebody at Firefox: what the test across engines does there and sees, no more. */
import { launch, type Browser, type ElementHandle, type Page } from "puppeteer-core";
import { PATIENCE, becomes, until } from "./condition";
import { settings } from "./settings";

const FILE = "file/main";

/** Firefox's word about a script of the driver's in a document that is just being replaced. */
const DRIVER = 'Permission denied to access property "length"';

export interface FoxOptions {
  /** The size of its window, where that matters. */
  size?: { width: number; height: number };
  /** Preferences of the browser. */
  preferences?: Record<string, unknown>;
  /** Runs in the page before its own scripts. */
  script?: () => void;
}

export class Fox {
  readonly problems: string[] = [];

  private constructor(
    readonly name: string,
    private readonly browser: Browser,
    readonly page: Page,
  ) {}

  static async start(name: string, options: FoxOptions = {}): Promise<Fox> {
    const { size, preferences, script } = options;
    const browser = await launch({
      browser: "firefox",
      executablePath: settings.firefox,
      headless: true,
      ...(size && {
        args: [`--width=${size.width}`, `--height=${size.height}`],
        defaultViewport: null,
      }),
      ...(preferences && { extraPrefsFirefox: preferences }),
    });
    const page = await browser.newPage();
    const fox = new Fox(name, browser, page);
    fox.watch();
    await page.evaluateOnNewDocument(reportViolations);
    if (script) await page.evaluateOnNewDocument(script);
    return fox;
  }

  close(): Promise<void> {
    return this.browser.close();
  }

  /** Founds a room; returns a link into it. */
  async found(origin: string): Promise<string> {
    await this.page.goto(origin);
    await this.enter("Create room");
    return this.page.evaluate(() => globalThis.coveyRoom?.invite({ role: "participant" }) ?? "");
  }

  async join(link: string): Promise<void> {
    await this.page.goto(link);
    await this.enter("Join room");
  }

  private async enter(button: string): Promise<void> {
    const go = await this.find("button", button);
    await (await this.find("textbox", "Your name")).type(this.name);
    await go.click();
    await this.inRoom();
  }

  private async find(role: string, name: string): Promise<ElementHandle> {
    const found = await this.page.waitForSelector(`::-p-aria([name="${name}"][role="${role}"])`);
    if (!found) throw new Error(`there is no ${role} called ${name}`);
    return found;
  }

  private async inRoom(): Promise<void> {
    await until(`${this.name} is in the room`, () =>
      this.page.evaluate(() => globalThis.coveyRoom?.status.loaded ?? false),
    );
    await this.page.waitForSelector(".cm-content[contenteditable=true]");
  }

  /** Waits until somebody is reached this way. */
  async sees(name: string, path: "direct" | "offline"): Promise<void> {
    const look = () =>
      this.page.evaluate(
        (name) => globalThis.coveyRoom?.people.find((person) => person.name === name)?.path,
        name,
      );
    await becomes(`how ${this.name} reaches ${name}`, look, path);
  }

  /** Types at the caret, or at the start of the text. */
  async type(text: string): Promise<void> {
    await this.page.click(".cm-content");
    await this.page.keyboard.type(text);
  }

  async hasText(text: string): Promise<void> {
    const look = () =>
      this.page.evaluate(async (file) => {
        const view = await globalThis.coveyRoom?.doc("code");
        return view?.doc.getText(file).toJSON() ?? "";
      }, FILE);
    await becomes(`${this.name}'s text`, look, text);
  }

  private watch(): void {
    this.page.setDefaultTimeout(PATIENCE);
    this.page.on("pageerror", (error) => {
      if (!String(error).includes(DRIVER)) this.problems.push(`uncaught: ${String(error)}`);
    });
    this.page.on("console", (message) => {
      if (message.type() === "error") this.problems.push(`console: ${message.text()}`);
    });
  }
}

/** Runs in the page before its own scripts: what the policy refuses is an error of the page. */
function reportViolations(): void {
  addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sample }) => {
    console.error(`refused by the policy: ${effectiveDirective} ${blockedURI} ${sample}`);
  });
}
