/** Things to type and links to damage, the same in every run. */

/** `count` keys that go round an alphabet, so that a lost or doubled one shows. */
export function keys(alphabet: string, count: number, from = 0): string {
  return Array.from({ length: count }, (_, i) => alphabet[(from + i) % alphabet.length]).join("");
}

export const LETTERS = "abcdefghijklmnopqrstuvwxyz";
export const DIGITS = "0123456789";

/** Lines of text of exactly `length` UTF-16 units, with characters of one script. */
export function page(script: "ascii" | "chinese", length: number): string {
  const random = sequence(length);
  const [first, size] = script === "ascii" ? [0x21, 94] : [0x4e00, 20_000];
  const units = Array.from({ length }, (_, i) =>
    // The last unit of a line, but not of the text: an editor would show one line more.
    i % 80 === 79 && i !== length - 1 ? "\n" : String.fromCharCode(first + random(size)),
  );
  return units.join("");
}

/** Copies of a link with one character of its fragment changed, at places all over it. */
export function damaged(link: string, count: number): string[] {
  const characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~!*";
  const random = sequence(count);
  const start = link.indexOf("#") + 1;
  return Array.from({ length: count }, (_, i) => {
    const place = start + Math.floor((i * (link.length - start)) / count);
    for (;;) {
      const other = characters[random(characters.length)];
      if (other !== undefined && other !== link[place]) {
        return link.slice(0, place) + other + link.slice(place + 1);
      }
    }
  });
}

/** Numbers below a bound that look random (a linear congruential generator). */
function sequence(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}
