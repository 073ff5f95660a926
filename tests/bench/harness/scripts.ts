/** The scripts of the contenders' pages, each with all it needs in one text. */
import { build, type Rolldown } from "vite";
import { fileURLToPath } from "node:url";

const built = new Map<string, Promise<string>>();

/** The script called so in `pages/`. */
export function script(name: string): Promise<string> {
  let text = built.get(name);
  if (!text) built.set(name, (text = bundle(name)));
  return text;
}

async function bundle(name: string): Promise<string> {
  const entry = fileURLToPath(new URL(`../pages/${name}.ts`, import.meta.url));
  const outputs = (await build({
    configFile: false,
    logLevel: "error",
    define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
    build: { write: false, lib: { entry, formats: ["iife"], name: "contender" } },
  })) as Rolldown.RolldownOutput[];
  const code = outputs[0]?.output[0].code;
  if (code === undefined) throw new Error(`${name} did not build`);
  return code;
}
