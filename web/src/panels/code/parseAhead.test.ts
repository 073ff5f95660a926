/** Reading a text for its colours, piece by piece, without a page. */
import { javascript } from "@codemirror/lang-javascript";
import { syntaxTree, syntaxTreeAvailable } from "@codemirror/language";
import { EditorState, type Extension } from "@codemirror/state";
import { expect, test, vi } from "vitest";
import { aheadParser, type ParsedView } from "./parseAhead";

const LINE = "const value = [1, 2, 3].map((n) => n * 2);\n";
const TEXT = LINE.repeat(10_000);

function looking(doc: string, extensions: Extension, to: number) {
  const view = {
    state: EditorState.create({ doc, extensions }),
    viewport: { from: 0, to },
    dispatch: vi.fn((transaction: object) => {
      view.state = view.state.update(transaction).state;
    }),
  };
  return view;
}

test("a long text is parsed in several tasks, somewhat beyond the screen", async () => {
  const seen = 200_000;
  const view = looking(TEXT, javascript(), seen);
  const start = view.state;
  expect(syntaxTreeAvailable(start, seen)).toBe(false);
  const turns = vi.spyOn(globalThis, "setTimeout");
  aheadParser(view satisfies ParsedView);
  expect(view.dispatch).not.toHaveBeenCalled();
  await vi.waitUntil(() => syntaxTree(view.state).length >= seen + 100_000, { timeout: 5_000, interval: 50 });
  expect(turns.mock.calls.filter(([, ms]) => ms === 0 || ms === 20).length).toBeGreaterThan(3);
  turns.mockRestore();
  expect(syntaxTree(view.state).length).toBeLessThan(TEXT.length);
});

test("a changed text is parsed again, and a text without a language never", async () => {
  const view = looking(LINE.repeat(100), javascript(), 1_000);
  const reading = aheadParser(view);
  await vi.waitUntil(() => view.dispatch.mock.calls.length > 0);
  const startState = view.state;
  view.dispatch({ changes: { from: 0, insert: TEXT } });
  view.viewport = { from: 0, to: 200_000 };
  view.dispatch.mockClear();
  reading.update({ docChanged: true, viewportChanged: true, startState, state: view.state });
  await vi.waitUntil(() => syntaxTree(view.state).length >= 200_000, { timeout: 5_000 });
  expect(view.dispatch).toHaveBeenCalled();

  const plain = looking(TEXT, [], 1_000);
  const idle = aheadParser(plain);
  idle.update({ docChanged: true, viewportChanged: false, startState: plain.state, state: plain.state });
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(plain.dispatch).not.toHaveBeenCalled();
});

test("a destroyed editor parses nothing more", async () => {
  const view = looking(TEXT, javascript(), 200_000);
  aheadParser(view).destroy();
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(view.dispatch).not.toHaveBeenCalled();
  expect(syntaxTreeAvailable(view.state, 200_000)).toBe(false);
});
