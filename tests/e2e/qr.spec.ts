/** The code of an invitation can be read off the screen, in the light and in the dark. */
import jsQR from "jsqr";
import { PNG } from "pngjs";
import { expect, test } from "vitest";
import { until } from "./harness/condition";
import { together } from "./harness/stage";

/** The text that a camera reads which has `scale` points for each of the picture's, across. */
function readOff(picture: Buffer, scale: number): string | undefined {
  const { width, height, data } = PNG.sync.read(picture);
  const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
  const seen = new Uint8ClampedArray(wide * high * 4).fill(255);
  for (let y = 0; y < high; y += 1) {
    for (let x = 0; x < wide; x += 1) {
      // The mean of what falls on one point of the camera's.
      let [sum, points] = [0, 0];
      for (let v = Math.floor(y / scale); v < Math.max((y + 1) / scale, 1); v += 1) {
        for (let u = Math.floor(x / scale); u < Math.max((x + 1) / scale, 1); u += 1) {
          sum += data[(v * width + u) * 4] ?? 255;
          points += 1;
        }
      }
      seen.fill(sum / points, (y * wide + x) * 4, (y * wide + x) * 4 + 3);
    }
  }
  return jsQR(seen, wide, high)?.data;
}

test(
  "a camera reads the invitation off the screen",
  together(async (stage) => {
    const alice = await stage.alone("Scanned off a laptop");
    for (const scheme of ["light", "dark"] as const) {
      await alice.page.emulateMedia({ colorScheme: scheme });
      await alice.page.getByRole("button", { name: "Invite", exact: true }).click();
      const dialog = alice.page.getByRole("dialog");
      const code = dialog.getByRole("img", { name: /QR code/ });
      await code.waitFor();
      const link = await dialog.getByLabel("Invite link").inputValue();
      expect(link.split("#")[1]?.length).toBeLessThanOrEqual(300);
      expect(link).toMatch(/[0-9A-Za-z]$/);
      await until("the code is painted", () =>
        code.evaluate((image) => (image as HTMLImageElement).complete),
      );
      const picture = await code.screenshot();
      for (const scale of [1, 1.5, 2]) expect(readOff(picture, scale), scheme).toBe(link);
      await alice.page.keyboard.press("Escape");
      await dialog.waitFor({ state: "hidden" });
    }
  }),
);
