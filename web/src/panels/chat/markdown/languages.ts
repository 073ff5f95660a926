/** Parsers by the names that people give languages in Markdown, each fetched when first needed. */
import type { Parser } from "@lezer/common";

type Load = () => Promise<Parser>;

const javascript =
  (dialect: string): Load =>
  async () => {
    const { javascriptLanguage } = await import("@codemirror/lang-javascript");
    return javascriptLanguage.parser.configure({ dialect });
  };
const cpp: Load = async () => (await import("@codemirror/lang-cpp")).cppLanguage.parser;
const css: Load = async () => (await import("@codemirror/lang-css")).cssLanguage.parser;
const go: Load = async () => (await import("@codemirror/lang-go")).goLanguage.parser;
const html: Load = async () => (await import("@codemirror/lang-html")).htmlLanguage.parser;
const java: Load = async () => (await import("@codemirror/lang-java")).javaLanguage.parser;
const json: Load = async () => (await import("@codemirror/lang-json")).jsonLanguage.parser;
const markdown: Load = async () => (await import("@codemirror/lang-markdown")).markdownLanguage.parser;
const python: Load = async () => (await import("@codemirror/lang-python")).pythonLanguage.parser;
const rust: Load = async () => (await import("@codemirror/lang-rust")).rustLanguage.parser;
const sql: Load = async () => (await import("@codemirror/lang-sql")).StandardSQL.language.parser;

const loads = new Map<string, Load>([
  ...named(javascript("jsx"), "javascript", "js", "jsx", "mjs", "cjs", "node"),
  ...named(javascript("ts"), "typescript", "ts", "mts", "cts"),
  ...named(javascript("jsx ts"), "tsx"),
  ...named(cpp, "c", "cpp", "c++", "h", "hpp"),
  ...named(css, "css"),
  ...named(go, "go", "golang"),
  ...named(html, "html", "xml", "svg"),
  ...named(java, "java"),
  ...named(json, "json", "jsonc"),
  ...named(markdown, "markdown", "md"),
  ...named(python, "python", "py"),
  ...named(rust, "rust", "rs"),
  ...named(sql, "sql"),
]);

function named(load: Load, ...names: string[]): [string, Load][] {
  return names.map((name) => [name, load]);
}

export async function parserFor(language: string): Promise<Parser | undefined> {
  return loads.get(language)?.();
}
