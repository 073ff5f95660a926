/** After the rows: what was measured as JSON, as a table and as a picture. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { kept } from "../harness/results";
import { settings } from "../harness/settings";
import { machine, words } from "./machine";
import { plot } from "./plot";
import { table } from "./table";

const BEGIN = "<!-- written by cargo xtask bench -->";
const END = "<!-- end -->";

export default async function setup(): Promise<() => Promise<void>> {
  const before = await machine();
  return async () => {
    const rows = await kept();
    const facts = words(before);
    const byKey = new Map(rows.map((row) => [row.key, row]));
    const text = `${table(byKey)}\nMeasured ${day(rows.map(({ at }) => at))} on ${facts}.\n`;
    await mkdir(settings.results, { recursive: true });
    const json = JSON.stringify({ machine: before, rows }, undefined, 1);
    await writeFile(join(settings.results, "results.json"), json);
    await writeFile(join(settings.results, "table.md"), text);
    await writeFile(join(settings.results, "plot.svg"), plot(byKey));
    console.log(`\n${text}`);
    if (settings.docs) await document(text, plot(byKey));
  };
}

/** Puts the table and the picture into the documentation. */
async function document(text: string, picture: string): Promise<void> {
  const docs = join(settings.repository, "docs");
  const page = join(docs, "performance.md");
  const old = await readFile(page, "utf8");
  const [before, after] = [old.split(BEGIN)[0], old.split(END)[1]];
  if (before === undefined || after === undefined) throw new Error(`no place in ${page}`);
  await writeFile(page, `${before}${BEGIN}\n${text}${END}${after}`);
  await writeFile(join(docs, "performance.svg"), picture);
}

/** The day, or the days, of the rows. */
function day(times: string[]): string {
  const days = [...new Set(times.map((time) => time.slice(0, 10)))].sort();
  return days.length > 1 ? `from ${days[0] ?? ""} to ${days.at(-1) ?? ""}` : (days[0] ?? "");
}
