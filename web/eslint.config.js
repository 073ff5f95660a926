import { readdirSync } from "node:fs";
import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

const engine = { name: "covey", message: "Only src/engine.ts." };

/** Files of a folder that may not know others; see docs/ARCHITECTURE.md. */
const wall = (folder, others, allowed = []) => ({
  files: [`src/${folder}/**`],
  ignores: allowed,
  rules: {
    "no-restricted-imports": [
      "error",
      {
        paths: [engine],
        patterns: [{ regex: `/(${others.join("|")})/`, message: "See docs/ARCHITECTURE.md." }],
      },
    ],
  },
});

const panels = readdirSync(`${import.meta.dirname}/src/panels`, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

export default defineConfig(
  { ignores: ["dist*/", "dev-dist", "node_modules", "public"] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  hooks.configs.flat.recommended,
  {
    languageOptions: {
      parserOptions: {
        project: ["tsconfig.json", "../wasm/tsconfig.json"],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "max-lines": ["error", { max: 250, skipBlankLines: true }],
      "no-restricted-properties": [
        "error",
        { object: "crypto", property: "randomUUID", message: "Absent over plain http: src/shared/ids.ts." },
        { object: "crypto", property: "subtle", message: "Absent over plain http: src/shared/ids.ts." },
        {
          object: "navigator",
          property: "clipboard",
          message: "Absent over plain http: src/shared/clipboard.ts.",
        },
      ],
      "no-restricted-imports": ["error", { paths: [engine] }],
    },
  },
  wall("shared", ["app", "entry", "session", "shell", "panels", "ui"]),
  wall("ui", ["app", "entry", "session", "shell", "panels"]),
  wall("session", ["app", "entry", "shell", "panels"]),
  wall("shell", ["entry", ...panels]),
  ...panels.map((panel) =>
    wall(`panels/${panel}`, ["app", "entry", "shell", ...panels.filter((other) => other !== panel)]),
  ),
  { files: ["src/engine.ts", "src/**/*.test.ts"], rules: { "no-restricted-imports": "off" } },
  // What throws in there rejects the promise: that is what `async` is for.
  { files: ["**/wasm/ts/**"], rules: { "@typescript-eslint/require-await": "off" } },
  { files: ["**/*.js"], extends: [tseslint.configs.disableTypeChecked] },
);
