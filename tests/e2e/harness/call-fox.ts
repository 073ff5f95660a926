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
    const size = { width: 1440, height: 900 };
    const fox = await Fox.start(name, { size, preferences, script: installProbe });
    return new FoxCall(name, fox);
  }

  /** Joins with a camera and a microphone. */
  async join(): Promise<void> {
    await this.click('[data-switch="call"][aria-pressed="false"]');
    await this.press("Join call");
    for (const device of ["microphone", "camera"]) {
      const [on, off] = [dialogButton(`Turn on ${device}`), dialogButton(`Turn off ${device}`)];
      await this.click(on);
      await this.fox.page.waitForSelector(off);
    }
    await this.click(dialogButton("Join call"));
    await this.fox.page.waitForSelector(callButton("Leave call"));
  }

  /** Presses a button of the call. */
  press(name: string): Promise<void> {
    return this.click(callButton(name));
  }

  private async click(selector: string): Promise<void> {
    const found = await this.fox.page.waitForSelector(selector, { visible: true });
    await found?.click();
  }
}

const callButton = (name: string) => button('//section[@aria-label="Call"]', name);
const dialogButton = (name: string) => button('//*[@role="dialog"]', name);

function button(within: string, name: string): string {
  return `::-p-xpath(${within}//button[normalize-space()="${name}" or @aria-label="${name}"])`;
}
