/** The editing trace that the long rows replay: a given one, or one of the same kind that is made up. */
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import type { Patch } from "../pages/measures";
import { settings, times } from "./settings";

export interface Trace {
  name: string;
  patches: Patch[];
  /** The text after all of them. */
  end: string;
}

/** Fewer edits than the paper of automerge-perf has: made up, they are more blocks than one member may write. */
const EDITS = 100_000;

export async function trace(): Promise<Trace> {
  const whole = settings.trace === undefined ? madeUp(EDITS) : await read(settings.trace);
  return settings.quick ? shorter(whole, times(whole.patches.length, 3000)) : whole;
}

/** The first edits of a trace. */
export function shorter({ name, patches }: Trace, count: number): Trace {
  const first = patches.slice(0, count);
  return { name, patches: first, end: applied(first) };
}

async function read(path: string): Promise<Trace> {
  const bytes = await readFile(path);
  const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
  const { txns, endContent } = JSON.parse(text) as {
    txns: { patches: Patch[] }[];
    endContent: string;
  };
  const patches = txns.flatMap((txn) => txn.patches);
  return { name: path.split("/").at(-1) ?? path, patches, end: endContent };
}

/** Somebody writes at a place, takes back nearly every third key, and now and then goes elsewhere. */
function madeUp(count: number): Trace {
  const random = sequence(1);
  const patches: Patch[] = [];
  let [length, at] = [0, 0];
  while (patches.length < count) {
    if (random(40) === 0) at = random(length + 1);
    if (at > 0 && random(10) < 3) {
      at -= 1;
      length -= 1;
      patches.push([at, 1, ""]);
    } else {
      patches.push([at, 0, random(6) === 0 ? " " : String.fromCharCode(97 + random(26))]);
      at += 1;
      length += 1;
    }
  }
  return { name: "made up", patches, end: applied(patches) };
}

function applied(patches: readonly Patch[]): string {
  const text: string[] = [];
  for (const [at, gone, come] of patches) text.splice(at, gone, ...Array.from(come));
  return text.join("");
}

/** Numbers below a bound that look random (a linear congruential generator). */
function sequence(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}
