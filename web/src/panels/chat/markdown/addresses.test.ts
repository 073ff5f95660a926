// @vitest-environment jsdom
import { expect, test } from "vitest";
import { elementsOf, shown } from "./shown";

const INVITE = "https://covey.example/#AbC-dEf_";

/** The texts of the links in a message. */
const linksIn = (text: string) => [...elementsOf(text).querySelectorAll("a")].map((link) => link.textContent);

test.each([
  // The link is what stands between the marks here, which are taken out.
  `«${INVITE}»`,
  `see «${INVITE}». And more`,
  `(«${INVITE}»)`,
  `(at «${INVITE}».)`,
  `[«${INVITE}»]`,
  `{«${INVITE}»}`,
  `<«${INVITE}»>`,
  `&lt;«${INVITE}»>`,
  `«${INVITE}», «${INVITE}»; «${INVITE}»: «${INVITE}»! «${INVITE}»?`,
  `"«${INVITE}»" '«${INVITE}»' “«${INVITE}»” ‘«${INVITE}»’ „«${INVITE}»“`,
  `«${INVITE}»…`,
  `«${INVITE}»...`,
  `*«${INVITE}»*`,
  `**«${INVITE}»**`,
  `a _b «${INVITE}» c_d`,
  `**Room:** «${INVITE}»`,
  `«${INVITE}»\nnext`,
  `«${INVITE}»\u200b`,
  `«${INVITE}»\u200eabc`,
  `这里「«${INVITE}»」。`,
  `见«${INVITE}»。谢谢`,
  `«${INVITE}»，«${INVITE}»、«${INVITE}»！«${INVITE}»？`,
  `リンクは«${INVITE}»です`,
  `（«${INVITE}»）`,
  `『«${INVITE}»』【«${INVITE}»】《«${INVITE}»》`,
  `«${INVITE}»를 열어 보세요`,
  `«${INVITE}»（部屋）`,
  `ดู«${INVITE}»ครับ`,
  `شاهد «${INVITE}»، ثم «${INVITE}»؛ «${INVITE}»؟`,
  `לחץ «${INVITE}».`,
  `देखें «${INVITE}»।`,
  `«${INVITE}»👍`,
  `«${INVITE}»|«${INVITE}»`,
  `- «${INVITE}»`,
  `> «${INVITE}»`,
  `«https://en.wikipedia.org/wiki/Foo_(bar)»`,
  `(«https://en.wikipedia.org/wiki/Foo_(bar)»)`,
  `«https://ja.wikipedia.org/wiki/東京（曖昧）»を見て`.replace("»を", "»。を"),
  `«https://ja.wikipedia.org/wiki/スター・ウォーズ»`,
  `«https://ru.wikipedia.org/wiki/Москва_(город)», да`,
  `«https://例え.jp/あ»`,
  `«https://example.org/a»です`,
  `«http://localhost:8080/#AbC_»`,
  `«http://[::1]:8080/x»`,
  `«https://example.org/?a=1&amp=2&b=[x]»`,
  `«https://example.org/a_b_c*d»`,
  `«https://example.org/~ann/»`,
  `«https://example.org/a.» b`.replace(".»", "»."),
  `«www.example.org», and «ann@example.org».`,
  `«HTTPS://EXAMPLE.ORG/A»`,
  `«https://example.org/wiki/Bose–Einstein»–`,
])("%j ends its link where a person would", (marked) => {
  const wanted = [...marked.matchAll(/«(.*?)»/g)].map((each) => each[1]);
  expect(linksIn(marked.replace(/[«»]/g, ""))).toEqual(wanted);
});

test.each([
  "xhttps://example.org",
  "http://",
  "https:// example",
  "www.",
  "www.example",
  "http://.",
  "https://(a)",
])("%j is no link", (text) => {
  expect(linksIn(text)).toEqual([]);
  expect(shown(text)).toBe(text);
});

test("marks around a link are its emphasis, marks in it are its own", () => {
  expect(elementsOf(`_https://example.org/a_`).querySelector("em a")?.textContent).toBe(
    "https://example.org/a",
  );
  expect(elementsOf("https://example.org/_a_ and https://example.org/*b*").querySelector("em")).toBeNull();
});
