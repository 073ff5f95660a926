/** Classes of characters by their code points, for letters that can't be seen in a source file. */

/** From and to. */
export type Range = readonly [number, number];

/** Matches one character of these. */
export function oneOf(ranges: readonly Range[], flags = "u"): RegExp {
  const escaped = (code: number) => `\\u{${code.toString(16)}}`;
  return new RegExp(`[${ranges.map(([from, to]) => `${escaped(from)}-${escaped(to)}`).join("")}]`, flags);
}
