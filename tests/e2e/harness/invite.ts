/** The invite dialog of a person. */
import { until } from "./condition";
import type { Person } from "./person";

/** A link for all parts of the room but those `left` out. */
export async function invited(
  { name, page }: Person,
  role: "participant" | "viewer" = "participant",
  left: readonly string[] = [],
): Promise<string> {
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  const dialog = page.getByRole("dialog");
  const choice = role === "participant" ? "can write" : "can look";
  await dialog.getByRole("radio", { name: choice }).click();
  await dialog.getByRole("radio", { name: choice, checked: true }).waitFor();
  for (const part of left) {
    await dialog.getByRole("button", { name: part, pressed: true }).click();
    await dialog.getByRole("button", { name: part, pressed: false }).waitFor();
  }
  // Empty until the link for this choice is made.
  const field = dialog.getByLabel("Invite link");
  const link = await until(`${name}: a link to invite with`, async () => {
    const value = await field.inputValue();
    return value !== "" && value;
  });
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  return link;
}
