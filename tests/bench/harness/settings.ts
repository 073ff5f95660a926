/** The settings of `cargo xtask bench`, with small defaults if vitest is run by hand. */
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const { env } = process;

export const settings = {
  repository,
  /** Only whether everything runs: the figures mean nothing. */
  quick: env.COVEY_BENCH_QUICK !== undefined,
  /** An editing trace in the form of josephg/editing-traces; without it one is made up. */
  trace: env.COVEY_BENCH_TRACE,
  /** How often each contender connects. */
  repeat: Number(env.COVEY_BENCH_REPEAT ?? 30),
  /** How much of the paper is typed by hand: where each edit has a signature, the whole takes minutes. */
  typed: Number(env.COVEY_BENCH_TYPED ?? 20_000),
  /** More options for the browser, for debugging. */
  flags: env.COVEY_BENCH_FLAGS?.split(" ") ?? [],
  /** Where results go. */
  results: env.COVEY_BENCH_RESULTS ?? `${repository}target/bench`,
  /** Whether the tables in `docs/` are written anew. */
  docs: env.COVEY_BENCH_DOCS !== undefined,
  /** The program that stands for many pages at the node. */
  crowd: env.COVEY_BENCH_CROWD ?? `${repository}target/debug/examples/crowd`,
  /** The program that puts a node under load. */
  load: env.COVEY_BENCH_LOAD ?? `${repository}target/release/examples/load`,
};

/** A number for a real run, or the one that shows that it works. */
export function times(real: number, quick: number): number {
  return settings.quick ? quick : real;
}
