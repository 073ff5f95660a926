/** Waiting for conditions, and doing things at a fixed pace. Nothing here waits for a guessed time. */

/** How long a condition may take on a busy machine before it counts as failed. */
export const PATIENCE = 30_000;
const LOOK_EVERY = 50;

/** Resolves with the first value of `look` that is neither false nor undefined. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  within = PATIENCE,
): Promise<Exclude<T, false | undefined>> {
  const deadline = performance.now() + within;
  for (;;) {
    const seen = await look();
    if (seen !== false && seen !== undefined) return seen as Exclude<T, false | undefined>;
    if (performance.now() > deadline) throw new Error(`not within ${within} ms: ${what}`);
    await at(performance.now() + LOOK_EVERY);
  }
}

/** Like `until` for a value that must become `wanted`; says what it was in the end. */
export async function becomes<T>(
  what: string,
  look: () => Promise<T>,
  wanted: T,
  within = PATIENCE,
): Promise<void> {
  let seen: T | undefined;
  try {
    await until(what, async () => (seen = await look()) === wanted, within);
  } catch {
    throw new Error(`not within ${within} ms: ${what} is ${short(wanted)}; it is ${short(seen)}`);
  }
}

/** Resolves at this time of `performance.now()`. */
export function at(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, time - performance.now())));
}

/** Starts `act` `perSecond` times a second, whether or not the one before has ended. */
export async function pace<T>(
  items: Iterable<T>,
  perSecond: number,
  act: (item: T) => Promise<void>,
): Promise<void> {
  const start = performance.now();
  const running: Promise<void>[] = [];
  for (const item of items) {
    await at(start + (running.length * 1000) / perSecond);
    running.push(act(item));
  }
  await Promise.all(running);
}

function short(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined || text.length < 200) return String(text);
  return `${text.slice(0, 90)} … ${text.slice(-90)} (${text.length} characters)`;
}
