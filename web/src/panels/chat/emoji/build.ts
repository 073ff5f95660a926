/** At build time: of Emojibase's English data, what the picker shows, as a module `virtual:emoji`. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Plugin } from "vite";

const MODULE = "virtual:emoji";
const RESOLVED = `\0${MODULE}`;
/** The newest emoji that systems of a few years ago can draw. */
const VERSION = 15;

interface Entry {
  emoji: string;
  label: string;
  tags?: string[];
  group?: number;
  version: number;
}
interface Messages {
  groups: { key: string; message: string; order: number }[];
}

async function read<T>(name: string): Promise<T> {
  const path = createRequire(import.meta.url).resolve(`emojibase-data/en/${name}.json`);
  return JSON.parse(await readFile(path, "utf8")) as T;
}

export function emojiData(): Plugin {
  return {
    name: "emoji-data",
    resolveId: (id) => (id === MODULE ? RESOLVED : undefined),
    async load(id) {
      if (id !== RESOLVED) return undefined;
      const [entries, { groups }] = await Promise.all([read<Entry[]>("data"), read<Messages>("messages")]);
      const shown = groups.filter(({ key }) => key !== "component");
      const emoji = entries
        .filter(({ group, version }) => version <= VERSION && shown.some(({ order }) => order === group))
        .map(({ emoji, group, label, tags = [] }) => [emoji, group, label, tags.join(" ")]);
      const names = shown.map(({ order, message }) => [order, message]);
      // Parsing a string is quicker for the browser than reading a literal.
      const parsed = (value: unknown) => `JSON.parse(${JSON.stringify(JSON.stringify(value))})`;
      return `export const groups = ${parsed(names)};\nexport const emoji = ${parsed(emoji)};`;
    },
  };
}
