/** The parts of a room that a link may be for, as bits of `docs/protocol.md`. */
import type { Tool } from "./types.js";

const BITS: readonly (readonly [Tool, number])[] = [
  ["chat", 1],
  ["board", 2],
  ["code", 4],
  ["custom", 8],
  ["call", 16],
  ["screen", 64],
];

/** Those in a set of bits that this version has panels for. */
export function toolsOf(bits: number): Tool[] {
  return BITS.filter(([, bit]) => bits & bit).map(([tool]) => tool);
}

/** The bits of these; nothing for all there is and will be. */
export function bitsOf(tools: readonly Tool[] | undefined): number | undefined {
  return tools && BITS.reduce((all, [tool, bit]) => (tools.includes(tool) ? all | bit : all), 0);
}
