/** Somebody in a call at Firefox, whose camera and microphone are the ones that Firefox has for tests. */
import { CallView } from "./call";
import { answer, installProbe } from "./call-probe";
import { LOOKS, type Name } from "./camera";
import { Fox } from "./fox";

export class FoxCall extends CallView {
  private constructor(
    override readonly name: Name,
    readonly fox: Fox,
  ) {
    super(name, (question) => fox.page.evaluate(answer, question));
  }

  static async start(name: Name): Promise<FoxCall> {
    const preferences = {
      "media.navigator.streams.fake": true,
      "media.navigator.permission.disabled": true,
      "media.navigator.audio.fake_frequency": LOOKS[name].tone,
      "media.autoplay.default": 0,
    };
    const fox = await Fox.start(name, { preferences, script: installProbe });
    await fox.page.setViewport({ width: 1440, height: 900 });
    return new FoxCall(name, fox);
  }

  /** Joins with a camera and a microphone. */
  async join(): Promise<void> {
    const { page } = this.fox;
    await page.locator('[data-switch="call"][aria-pressed="false"]').click();
    await this.press("Join call");
    for (const device of ["microphone", "camera"]) {
      const on = await page.waitForSelector(
        dialogButton(`Turn on ${device}`, `Turn off ${device}`),
      );
      const text = await on?.evaluate(
        (button) => button.getAttribute("aria-label") ?? button.textContent,
      );
      if (text?.startsWith("Turn on")) await on?.click();
      await page.waitForSelector(dialogButton(`Turn off ${device}`));
    }
    await page.locator(dialogButton("Join call")).click();
    await page.waitForSelector(callButton("Leave call"));
  }

  /** Presses a button of the call. */
  async press(name: string): Promise<void> {
    await this.fox.page.locator(callButton(name)).click();
  }
}

const callButton = (name: string) => button('//section[@aria-label="Call"]', [name]);
const dialogButton = (...names: string[]) => button('//*[@role="dialog"]', names);

function button(within: string, names: string[]): string {
  const named = names.map((name) => `normalize-space()="${name}" or @aria-label="${name}"`);
  return `::-p-xpath(${within}//button[${named.join(" or ")}])`;
}
