/** A picture of every view: `cargo xtask shots`. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "vitest";
import { becomes } from "./harness/condition";
import type { Person } from "./harness/person";
import { settings } from "./harness/settings";
import { play, type Stage } from "./harness/stage";

const CODE = [
  "// What the probe in the lake said last night, hour by hour.",
  "const degrees = [11.4, 11.1, 10.9, 10.8, 11.0, 11.6];",
  "",
  "export function coldest(values: readonly number[]): number {",
  "  return Math.min(...values);",
  "}",
  "",
  "console.log(`coldest: ${coldest(degrees)} °C`);",
].join("\n");

async function shot(person: Person, name: string): Promise<void> {
  await mkdir(settings.shots, { recursive: true });
  const path = join(settings.shots, `${name}.png`);
  await person.page.screenshot({ path, animations: "disabled" });
}

async function views(stage: Stage, dark: boolean): Promise<void> {
  const suffix = dark ? "dark" : "light";
  const alice = stage.person("Alice", { dark });
  await alice.arrive();
  await alice.page.getByRole("button", { name: "Create room" }).waitFor();
  await shot(alice, `entry-${suffix}`);
  await alice.createRoom("Lake survey");
  await shot(alice, `room-alone-${suffix}`);
  const link = await alice.invite();

  const bob = stage.person("Bob", { dark, width: 390, height: 844 });
  await bob.arrive(`${link.slice(0, -1)}${link.endsWith("A") ? "B" : "A"}`);
  await bob.page.getByRole("alert").waitFor();
  await shot(bob, `link-damaged-phone-${suffix}`);
  await bob.page.goto(link);
  await bob.page.getByRole("button", { name: "Join room" }).waitFor();
  await shot(bob, `link-phone-${suffix}`);
  await bob.page.getByLabel("Your name").fill("Bob");
  await bob.page.getByRole("button", { name: "Join room" }).click();
  await bob.editor.waitFor();

  await alice.sees("Bob", "direct");
  await alice.paste(CODE);
  await bob.hasText(CODE);
  await bob.editor.focus();
  await bob.page.keyboard.press("ControlOrMeta+End");
  await bob.page.keyboard.type(" // colder than");
  await becomes("Alice's text", () => alice.text(), `${CODE} // colder than`);
  await alice.caretOf("Bob");
  await shot(alice, `room-${suffix}`);
  await shot(bob, `room-phone-${suffix}`);
  await bob.page.getByRole("radio", { name: /^People/ }).click();
  await shot(bob, `people-phone-${suffix}`);

  await alice.page.getByRole("button", { name: "Invite", exact: true }).click();
  await alice.page.getByRole("img", { name: /QR code/ }).waitFor();
  await shot(alice, `invite-${suffix}`);
  await alice.page.keyboard.press("Escape");

  await alice.offlineReady();
  await alice.saved();
  await bob.browser.close();
  await stage.killNode();
  await alice.reload();
  await becomes("Alice's badge", () => alice.reach(), "offline");
  await shot(alice, `room-offline-${suffix}`);
}

for (const dark of [false, true]) {
  test(
    `every view, ${dark ? "dark" : "light"}`,
    play((stage) => views(stage, dark)),
    180_000,
  );
}
