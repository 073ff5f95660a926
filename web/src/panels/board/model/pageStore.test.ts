import { expect, test } from "vitest";
import * as Y from "yjs";
import { sample } from "../codec/samples";
import { PageStore } from "./pageStore";

/** One update may carry a mebibyte. */
const MOST = 1024 * 1024;

test("a large paste is written in parts of a valid size, and arrives whole", () => {
  const [doc, other] = [new Y.Doc(), new Y.Doc()];
  const sizes: number[] = [];
  doc.on("update", (update: Uint8Array) => {
    sizes.push(update.length);
    Y.applyUpdate(other, update);
  });
  const text = "字".repeat(20_000);
  const all = Array.from({ length: 3_000 }, (_, i) =>
    i % 100 === 0
      ? sample("label", { id: `e${i}`, text, originalText: text })
      : sample("box", { id: `e${i}` }),
  );
  new PageStore(doc, "main").write(new Map(all.map((element) => [element.id, element])));
  expect(sizes.length).toBeGreaterThan(1);
  expect(Math.max(...sizes)).toBeLessThan(MOST / 2);
  expect(new PageStore(other, "main").elements.size).toBe(all.length);
});
