/** The npm package as a stranger has it: packed, unpacked beside Yjs, and imported by the page of its own README. */
import { execFile } from "node:child_process";
import { copyFile, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "vite";

const at = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const readme = at("wasm/README.md");
const pages = at("tests/pages/package");
const modules = at("tests/node_modules");

const run = promisify(execFile);
const program = (name: string) => join(modules, ".bin", name);

/** A project with nothing in it but the example. */
export class Project {
  private constructor(private readonly folder: string) {}

  static async make(folder: string): Promise<Project> {
    const covey = join(folder, "node_modules/covey");
    await mkdir(covey, { recursive: true });
    const { stdout } = await run("npm", ["pack", "--silent", "--pack-destination", folder], {
      cwd: at("wasm"),
    });
    const packed = join(folder, stdout.trim());
    await run("tar", ["-xzf", packed, "-C", covey, "--strip-components", "1"]);
    for (const name of ["yjs", "y-protocols", "lib0"])
      await symlink(join(modules, name), join(folder, "node_modules", name));
    const project = new Project(folder);
    await writeFile(join(folder, "main.js"), block(await readFile(readme, "utf8"), "js"));
    await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }));
    return project;
  }

  /** The compiler's output about the example; throws where it finds an error. */
  async check(resolution: "bundler" | "nodenext"): Promise<void> {
    const module = resolution === "bundler" ? "esnext" : "nodenext";
    await run(
      program("tsc"),
      [
        ...["main.js", "--allowJs", "--checkJs", "--noEmit", "--strict", "--target", "es2022"],
        ...["--module", module, "--moduleResolution", resolution],
      ],
      { cwd: this.folder },
    ).catch((error: unknown) => {
      throw new Error((error as { stdout: string }).stdout);
    });
  }

  /** Built by Vite as it is, without a setting. */
  async byVite(): Promise<string> {
    const root = await this.copy("vite", "bundled.html");
    await build({ root, configFile: false, logLevel: "warn" });
    return join(root, "dist");
  }

  /** Built by the command that the README names. */
  async byEsbuild(): Promise<string> {
    const root = await this.copy("esbuild", "bundled.html");
    const [name = "", ...options] = block(await readFile(readme, "utf8"), "sh")
      .trim()
      .split(" ");
    await run(program(name), [...options, "--log-level=warning"], { cwd: root });
    await copyFile(join(root, "index.html"), join(root, "site/index.html"));
    return join(root, "site");
  }

  /** Served file by file, as it lies there. */
  asItIs(): Promise<string> {
    return this.copy("plain", "plain.html");
  }

  private async copy(name: string, page: string): Promise<string> {
    const copy = join(this.folder, name);
    await mkdir(copy);
    await symlink(join(this.folder, "node_modules"), join(copy, "node_modules"));
    await copyFile(join(this.folder, "main.js"), join(copy, "main.js"));
    await copyFile(join(pages, page), join(copy, "index.html"));
    return copy;
  }
}

/** The first block of a language in a text. */
function block(text: string, language: string): string {
  const [, code] = new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(text) ?? [];
  if (code === undefined) throw new Error(`the README has no example in ${language}`);
  return code;
}
