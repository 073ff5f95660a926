import { Language as Parser } from "@codemirror/language";
import { expect, test } from "vitest";
import { languageOf, LANGUAGES } from "./languages";

test.each([
  ["main.js", "JavaScript"],
  ["App.TSX", "TypeScript"],
  ["a.test.py", "Python"],
  ["lib.rs", "Rust"],
  ["main.go", "Go"],
  ["x.h", "C"],
  ["x.cpp", "C++"],
  ["Main.java", "Java"],
  ["index.html", "HTML"],
  ["style.css", "CSS"],
  ["package.json", "JSON"],
  ["README.md", "Markdown"],
  ["schema.sql", "SQL"],
])("%s is written in %s", (name, language) => {
  expect(languageOf(name)?.name).toBe(language);
});

test.each(["notes.txt", "Makefile", "js", ".", "x.", ""])("%j is plain text", (name) => {
  expect(languageOf(name)).toBeUndefined();
});

test("no ending belongs to two languages", () => {
  const endings = LANGUAGES.flatMap((language) => language.endings);
  expect(new Set(endings).size).toBe(endings.length);
});

test.each(LANGUAGES.map((language) => [language.name, language] as const))(
  "%s can be loaded",
  async (_, language) => {
    const loaded = await language.load();
    expect(loaded).toHaveProperty("language");
    expect((loaded as unknown as { language: unknown }).language).toBeInstanceOf(Parser);
  },
);
