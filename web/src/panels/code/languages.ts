/** Which language a file is written in, by its name; each is fetched when the first such file is opened. */
import type { Extension } from "@codemirror/state";

export interface Language {
  name: string;
  /** Two or three letters to know it by. */
  sign: string;
  endings: readonly string[];
  load: () => Promise<Extension>;
}

/** Types in JavaScript too: what is pasted into a new file is often TypeScript. */
const javascript = async () =>
  (await import("@codemirror/lang-javascript")).javascript({ typescript: true, jsx: true });
const cpp = async () => (await import("@codemirror/lang-cpp")).cpp();

export const LANGUAGES: readonly Language[] = [
  { name: "JavaScript", sign: "JS", endings: ["js", "jsx", "mjs", "cjs"], load: javascript },
  { name: "TypeScript", sign: "TS", endings: ["ts", "tsx", "mts", "cts"], load: javascript },
  {
    name: "Python",
    sign: "PY",
    endings: ["py", "pyi", "pyw"],
    load: async () => (await import("@codemirror/lang-python")).python(),
  },
  {
    name: "Rust",
    sign: "RS",
    endings: ["rs"],
    load: async () => (await import("@codemirror/lang-rust")).rust(),
  },
  { name: "Go", sign: "GO", endings: ["go"], load: async () => (await import("@codemirror/lang-go")).go() },
  { name: "C", sign: "C", endings: ["c", "h"], load: cpp },
  { name: "C++", sign: "C++", endings: ["cpp", "cc", "cxx", "hpp", "hh", "hxx"], load: cpp },
  {
    name: "Java",
    sign: "JV",
    endings: ["java"],
    load: async () => (await import("@codemirror/lang-java")).java(),
  },
  {
    name: "HTML",
    sign: "<>",
    endings: ["html", "htm"],
    load: async () => (await import("@codemirror/lang-html")).html(),
  },
  {
    name: "CSS",
    sign: "#",
    endings: ["css"],
    load: async () => (await import("@codemirror/lang-css")).css(),
  },
  {
    name: "JSON",
    sign: "{}",
    endings: ["json", "webmanifest", "map"],
    load: async () => (await import("@codemirror/lang-json")).json(),
  },
  {
    name: "Markdown",
    sign: "MD",
    endings: ["md", "markdown"],
    load: async () => (await import("@codemirror/lang-markdown")).markdown(),
  },
  {
    name: "SQL",
    sign: "SQL",
    endings: ["sql"],
    load: async () => (await import("@codemirror/lang-sql")).sql(),
  },
];

const byEnding = new Map(
  LANGUAGES.flatMap((language) => language.endings.map((ending) => [ending, language])),
);

/** The language of a file of this name; none where it is plain text. */
export function languageOf(name: string): Language | undefined {
  const ending = /\.([^.]+)$/.exec(name)?.[1];
  return ending === undefined ? undefined : byEnding.get(ending.toLowerCase());
}
