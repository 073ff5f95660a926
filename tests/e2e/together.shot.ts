/** Two people writing in one file, on a wide and on a narrower screen: the picture of the README. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "vitest";
import { until } from "./harness/condition";
import { settings } from "./harness/settings";
import { play, type Stage } from "./harness/stage";

const CODE = `// How long the boat needs to each buoy, against the wind that was measured there.

interface Leg {
  buoy: string;
  metres: number;
  /** Metres per second; negative is against the boat. */
  wind: number;
}

const CRUISE = 2.4;

const legs: Leg[] = [
  { buoy: "North bay", metres: 840, wind: -0.6 },
  { buoy: "Old pier", metres: 1_320, wind: 0.3 },
  { buoy: "Reed bank", metres: 560, wind: -0.2 },
];

export function minutes({ metres, wind }: Leg): number {
  return metres / (CRUISE + wind) / 60;
}

for (const leg of legs) {
  console.log(\`\${leg.buoy}: \${minutes(leg).toFixed(1)} min\`);
}
`;

async function together(stage: Stage, dark: boolean): Promise<void> {
  const size = { dark, width: 1440, height: 900 };
  const alice = stage.person("Alice", size);
  await alice.arrive();
  await alice.createRoom("Lake survey");
  const link = await alice.invite();
  await alice.paste(CODE);
  const bob = stage.person("Bob", size);
  await bob.join(link);
  await Promise.all([bob.hasText(CODE), alice.sees("Bob", "direct")]);

  await bob.goTo("end");
  const total = "\nconst total = legs.reduce((sum, leg) => sum + minutes(leg), 0);";
  // One piece: brackets would be closed a second time.
  await bob.page.keyboard.insertText(total);
  await alice.hasText(CODE + total);
  await alice.goTo("start");
  for (let line = 0; line < 18; line += 1) await alice.page.keyboard.press("ArrowDown");
  await alice.page.keyboard.press("End");
  await until("Alice sees where Bob writes", () => alice.caretOf("Bob"));

  await mkdir(settings.shots, { recursive: true });
  for (const [width, height] of [
    [1440, 900],
    [1024, 768],
  ] as const) {
    await alice.page.setViewportSize({ width, height });
    // A name stands beside its caret for a moment after each move.
    for (const key of ["ArrowLeft", "ArrowRight"]) {
      const before = (await alice.caretOf("Bob"))?.behind;
      await bob.page.keyboard.press(key);
      await until("Bob's caret moves", async () => {
        const caret = await alice.caretOf("Bob");
        return caret !== undefined && caret.behind !== before;
      });
    }
    const name = `together-${width}-${dark ? "dark" : "light"}.png`;
    await alice.page.screenshot({ path: join(settings.shots, name) });
  }
}

for (const dark of [false, true]) {
  test(
    `together, ${dark ? "dark" : "light"}`,
    play((stage) => together(stage, dark)),
    180_000,
  );
}
