/** The row of files above somebody's editor. */
import { becomes } from "./condition";
import type { Person } from "./person";

export class Files {
  constructor(private readonly person: Person) {}

  get row() {
    return this.person.page
      .getByRole("region", { name: "Code" })
      .getByRole("navigation", { name: "Files" });
  }

  /** The button that opens a file. */
  tab(name: string) {
    return this.row.getByRole("button", { name, exact: true });
  }

  /** The names of the files in their order; the open one in brackets. */
  names(): Promise<string> {
    return this.row.locator("[data-tab]").evaluateAll((all) =>
      all
        .map((file) => {
          const name = file.querySelector("span:last-child")?.textContent ?? "";
          return file.getAttribute("aria-current") === null ? name : `[${name}]`;
        })
        .join(" "),
    );
  }

  async become(names: string): Promise<void> {
    await becomes(`${this.person.name}'s files`, () => this.names(), names);
  }

  /** Waits until a file's tab says that somebody has it before them. */
  async show(name: string, whom: string): Promise<void> {
    const named = this.person.page.getByRole("button", { name, exact: true });
    const tab = this.row.getByRole("listitem").filter({ has: named });
    await tab.getByRole("button", { name: `Follow ${whom}`, exact: true }).waitFor();
  }

  /** Adds a file, names it and goes into it. */
  async add(name: string): Promise<void> {
    await this.row.getByRole("button", { name: "Add a file" }).click();
    await this.answer(name);
    await this.editorOf(name).waitFor();
  }

  /** Opens a file and goes into it. */
  async open(name: string): Promise<void> {
    await this.tab(name).click();
    await this.editorOf(name).waitFor();
  }

  private editorOf(name: string) {
    return this.person.editor.and(this.person.page.getByLabel(`${name},`));
  }

  async rename(from: string, to: string): Promise<void> {
    await this.tab(from).focus();
    await this.person.page.keyboard.press("F2");
    await this.answer(to);
    await this.tab(to).waitFor();
  }

  /** Fills the field that asks for a file's name. */
  private async answer(name: string): Promise<void> {
    const field = this.row.getByLabel("Name of the file");
    await field.fill(name);
    await field.press("Enter");
  }
}
