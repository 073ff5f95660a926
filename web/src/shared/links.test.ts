import { readFileSync } from "node:fs";
import { CoveyError } from "covey";
import { expect, test } from "vitest";
import { linkIn, readings } from "./links";

/** A link as the engine writes it; of the others only their ends are of interest here. */
const GOLDEN = readFileSync(new URL("../../../tests/vectors/link.txt", import.meta.url), "utf8").trim();
const LINKS = [GOLDEN, `${GOLDEN}_`, `${GOLDEN}-`, `${GOLDEN}__`, `${GOLDEN}-_`];
const HOST = "https://covey.example/";

/** As the engine: a checksum tells that there is a link, and no part of one has it. */
function read(text: string, link = GOLDEN): Promise<string> {
  if (text === link) return Promise.resolve(`says ${text}`);
  if (text === "newer") return Promise.reject(new CoveyError("link-newer"));
  return Promise.reject(new CoveyError("link-damaged"));
}

/** In lines of so many characters. */
const lines = (text: string, width: number, end: string) =>
  text.match(new RegExp(`.{1,${width}}`, "g"))?.join(end) ?? "";

/** Changes that links suffer on their way. */
const WAYS: Record<string, (link: string) => string> = {
  "as it is": (link) => HOST + "#" + link,
  "with blanks around": (link) => `  ${HOST}rooms/#${link} \n`,
  "without the address": (link) => `#${link}`,
  "without the mark": (link) => link,
  "in a sentence": (link) => `Join me: ${HOST}a/b?c=d#${link}. See you!`,
  "in a sentence with another mark": (link) => `Issue #1, see ${HOST}#${link}, and #2`,
  "in a sentence without blanks": (link) => `部屋は${HOST}#${link}です。`,
  ...Object.fromEntries(
    [". ) , > ; : ! ? ' \" ] } | * ** ~ ` \\ » ” ’ … 。 、 」 』 ） 】 ． ， ؟ ،"]
      .flatMap((all) => all.split(" "))
      .map((end) => [`with ${end} behind`, (link: string) => `${HOST}#${link}${end}`]),
  ),
  "in angle brackets": (link) => `<${HOST}#${link}>`,
  "in brackets": (link) => `(${HOST}#${link}),`,
  "as a link of Markdown": (link) => `[the room](${HOST}#${link})`,
  "as a link of HTML": (link) => `<a href="${HOST}#${link}">the room</a>`,
  "emphasised by stars": (link) => `**${HOST}#${link}**`,
  "with a number for those who count": (link) => `${HOST}#${link}?fbclid=IwAR0abc-_DEF0123456789abcdef`,
  "with a campaign": (link) => `${HOST}#${link}&utm_source=mail&utm_medium=a_b`,
  "with something to count in front": (link) => `${HOST}?fbclid=IwAR0123456789abcdefghij#${link}`,
  "with a text to jump to": (link) => `${HOST}#${link}:~:text=room`,
  "with a blank that nobody sees behind": (link) => `${HOST}#${link}\u200b`,
  "with blanks that nobody sees inside": (link) => lines(`${HOST}#${link}`, 12, "\u200b"),
  "with soft hyphens inside": (link) => lines(`${HOST}#${link}`, 30, "\u00ad"),
  "with a mark of direction around": (link) => `\u2068${HOST}#${link}\u2069`,
  "broken into lines": (link) => `Come:\n${lines(`${HOST}#${link}`, 76, "\n")}\nSee you\n`,
  "broken into lines of Windows": (link) => `${lines(`${HOST}#${link}`, 60, "\r\n")}\r\n\r\nSee you`,
  "broken into lines with blanks": (link) => lines(`${HOST}#${link}`, 40, " \n   "),
  "in quoted printable": (link) => `${lines(`${HOST}#${link}`, 75, "=\n")}\nSee you`,
  "in quoted printable, in an address bar": (link) => lines(`${HOST}#${link}`, 75, "="),
  "in a quoted mail": (link) => `> Come:\n> ${lines(`${HOST}#${link}`, 70, "\n> ")}\n> See you`,
  "in an address bar with blanks": (link) => lines(`${HOST}#${link}`, 70, "%20"),
  "escaped as in an address bar": (link) => `${HOST}#${link}%E3%80%82`,
  "with an escape that is none": (link) => `100 % sure: ${HOST}#${link}`,
  "inside of another address": (link) =>
    `https://safe.example/?url=${encodeURIComponent(`${HOST}#${link}`)}&data=05%7C02`,
  "only the broken lines": (link) => lines(link, 64, "\n"),
};

for (const link of LINKS) {
  const end = link.slice(-3);
  test.each(Object.entries(WAYS))(`…${end} %s`, async (_, way) => {
    expect(await linkIn(way(link), (text) => read(text, link))).toEqual({ link, info: `says ${link}` });
  });
}

test("an end that was taken for a mark of emphasis is found again", async () => {
  for (const end of ["_", "-", "__"]) {
    const only = (text: string) =>
      text === GOLDEN + end ? Promise.resolve(0) : Promise.reject(new CoveyError("link-damaged"));
    expect((await linkIn(`${HOST}#${GOLDEN}`, only)).link).toBe(GOLDEN + end);
  }
});

test("marks of emphasis behind a link are no part of it", async () => {
  const only = (text: string) =>
    text === GOLDEN ? Promise.resolve(0) : Promise.reject(new CoveyError("link-damaged"));
  for (const end of ["_", "__", "-", "--", "_-_"])
    expect((await linkIn(`_${HOST}#${GOLDEN}${end}`, only)).link).toBe(GOLDEN);
});

test.each(["not a link", "", "\u200b", "#", HOST, `${HOST}#x`, `${HOST}#${GOLDEN.slice(1)}`])(
  "%j is refused by the engine",
  async (text) => {
    await expect(linkIn(text, (each) => read(each))).rejects.toThrow("link-damaged");
  },
);

test("the error is that of the link itself, not of other readings", async () => {
  await expect(linkIn(`Come: ${HOST}#newer.`, (text) => read(text))).rejects.toThrow("link-newer");
});

test("a part of a megabyte is searched, and few candidates are tried", async () => {
  for (const text of [
    "http://a/#".repeat(100_000),
    `#${"a".repeat(30)} `.repeat(30_000),
    `${GOLDEN} `.repeat(2_000),
  ])
    expect(readings(text).length).toBeLessThan(1_100);
  const text = "http://a/".repeat(120_000);
  expect((await linkIn(`${"see ".repeat(100)} ${HOST}#${GOLDEN} ${text}`, (each) => read(each))).link).toBe(
    GOLDEN,
  );
});
