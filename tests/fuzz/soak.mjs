// Feeds the parsers compiled to WebAssembly with hostile input, in one instance for each core:
// `node soak.mjs MODULE [--cases N | --minutes N] [--start S] [--target T] [--seed S]`.
//
// A trap ends an instance and with it the run: its case is told. So is one that never ends, that
// takes more than 100 ms even alone, or longer than some input of it may take, or after which the
// instance has more memory than a page could bear.

import { availableParallelism } from "node:os";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";

const LIMIT_MS = 100;
const AGAIN = 8;
/** The room of the cases, what inflates in it, and what the allocator keeps. */
const MEMORY = 96 << 20;
/** No case comes near it, however busy the machine is. */
const HANGS_MS = 60_000;
const CHUNK = 2000n;

/** What the command line asks for. */
function parse([module, ...words]) {
  const asked = { module: resolve(module), minutes: 10 };
  for (let at = 0; at < words.length; at += 2) {
    const name = words[at].replace(/^--/, "");
    const value = words[at + 1];
    if (!["cases", "minutes", "start", "target", "seed"].includes(name) || value === undefined) {
      throw new Error(`soak.mjs does not know ${words[at]}, or it wants a value`);
    }
    asked[name] = name === "target" ? value : name === "minutes" ? Number(value) : BigInt(value);
  }
  return asked;
}

/** Runs the cases it is told to; `place` says which one it is at. */
function instance({ module, target, place }) {
  const fuzz = createRequire(import.meta.url)(module);
  const memory = fuzz.heap();
  const seeds = new BigUint64Array(place);
  let slowest = 0;
  const once = (name, seed) => {
    fuzz.share();
    const begun = performance.now();
    if (!fuzz.run(name, seed)) throw new Error(`there is no target ${name}`);
    return [performance.now() - begun, fuzz.share()];
  };
  const check = (name, seed) => {
    let [time, share] = once(name, seed);
    for (let again = 0; (time > LIMIT_MS || share > 1) && again < AGAIN; again++) {
      const [next, ofInput] = once(name, seed);
      [time, share] = [Math.min(time, next), Math.min(share, ofInput)];
    }
    slowest = Math.max(slowest, time);
    if (time > LIMIT_MS) throw new Error(`took ${time.toFixed(0)} ms, alone and at best`);
    if (share > 1) {
      throw new Error(`took ${share.toFixed(1)} times as long as its input may take, at best`);
    }
    const held = memory.buffer.byteLength;
    if (held > MEMORY) throw new Error(`the instance holds ${held} bytes of memory`);
  };
  parentPort.on("message", (cases) => {
    for (const { from, count, only } of cases) {
      for (let seed = from; seed < from + count; seed++) {
        const name = only ?? target ?? fuzz.turn(seed);
        seeds[0] = seed;
        seeds[1] += 1n;
        try {
          check(name, seed);
        } catch (error) {
          parentPort.postMessage({ failed: { name, seed, what: error.message } });
          return;
        }
      }
    }
    parentPort.postMessage({ slowest, memory: memory.buffer.byteLength });
  });
}

/** Told once; nothing after it counts. */
function fail({ name, seed, what }) {
  console.log(`FAILED ${name}, seed ${seed}, on WebAssembly: ${what}`);
  console.log(`  replay: cargo xtask soak --wasm --target ${name} --seed ${seed}`);
  process.exit(1);
}

/** Hands out chunks to instances until it is enough. */
function soak(asked) {
  const start = asked.start ?? BigInt(Date.now()) * 1000n;
  const until = asked.cases === undefined ? Date.now() + asked.minutes * 60_000 : Infinity;
  const fuzz = createRequire(import.meta.url)(asked.module);
  const begun = performance.now();
  let [given, slowest, memory] = [0n, 0, 0];
  const claim = () => {
    const left = (asked.cases ?? given + CHUNK) - given;
    const count = left < CHUNK ? left : CHUNK;
    if (count <= 0n || Date.now() > until) return [];
    given += count;
    return [{ from: start + given - count, count }];
  };
  const one = asked.seed === undefined ? undefined : { from: asked.seed, count: 1n };
  const first = one ? [one] : stored(fuzz.stored(), asked.target);
  let working = one ? 1 : availableParallelism();
  console.log(`soak: from seed ${asked.seed ?? start} on ${working} instances of WebAssembly`);
  for (let n = working; n > 0; n--) {
    const place = new SharedArrayBuffer(16);
    const data = { module: asked.module, target: asked.target, place };
    const worker = new Worker(new URL(import.meta.url), { workerData: data });
    worker.on("error", (error) => fail({ name: "?", seed: 0n, what: error.message }));
    worker.on("message", (told) => {
      if (told.failed) fail(told.failed);
      slowest = Math.max(slowest, told.slowest);
      memory = Math.max(memory, told.memory);
      const more = one ? [] : claim();
      if (more.length > 0) return worker.postMessage(more);
      worker.terminate();
      if (--working > 0) return;
      const seconds = ((performance.now() - begun) / 1000).toFixed(0);
      const most = (memory / (1 << 20)).toFixed(1);
      console.log(
        `${one ? 1n : given} cases in ${seconds} s, none failed; ` +
          `the slowest took ${slowest.toFixed(1)} ms, an instance held ${most} MiB`,
      );
      process.exit(0);
    });
    worker.postMessage(n === 1 ? first.concat(one ? [] : claim()) : claim());
    watch(worker, new BigUint64Array(place), asked.target ?? ((seed) => fuzz.turn(seed)));
  }
}

/** Tells of an instance that never comes back. */
function watch(worker, seeds, name) {
  let before = 0n;
  setInterval(() => {
    const [seed, count] = seeds;
    if (count === before && count > 0n && worker.threadId > 0) {
      const what = `no end after ${HANGS_MS / 1000} s`;
      fail({ name: typeof name === "string" ? name : name(seed), seed, what });
    }
    before = count;
  }, HANGS_MS).unref();
}

/** Cases that failed once: they come first. */
function stored(text, target) {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const cases = lines.map((line) => line.split(" "));
  return cases
    .filter(([name]) => target === undefined || name === target)
    .map(([only, seed]) => ({ from: BigInt(seed), count: 1n, only }));
}

if (isMainThread) soak(parse(process.argv.slice(2)));
else instance(workerData);
