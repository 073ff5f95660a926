/** Characters by their code points, where a class written out would be of letters that nobody sees. */

/** From and to. */
export type Range = readonly [number, number];

/** Matches one character of these. */
export function oneOf(ranges: readonly Range[], flags = "u"): RegExp {
  const escaped = (code: number) => `\\u{${code.toString(16)}}`;
  return new RegExp(`[${ranges.map(([from, to]) => `${escaped(from)}-${escaped(to)}`).join("")}]`, flags);
}
