/** Ids and digests, also on pages opened over plain http, where half of the interface for them is missing. */
import { digest } from "lib0/hash/sha256";
import { uuidv4 } from "lib0/random";

/** An id that nobody else has. */
export const freshId: () => string = uuidv4;

/** SHA-256 of some bytes, in hexadecimal digits. */
export async function digestOf(data: Uint8Array): Promise<string> {
  const { subtle } = crypto as { subtle?: SubtleCrypto };
  const hash = subtle ? new Uint8Array(await subtle.digest("SHA-256", data.slice())) : digest(data);
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const ID = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Whether something may be an id; ids are looked up in plain objects, where `constructor` and its like are always
 * found.
 */
export function isId(value: unknown): value is string {
  return typeof value === "string" && ID.test(value) && !(value in {});
}
