import { expect, test } from "vitest";
import * as Y from "yjs";
import { FILE, Files, fromDataUrl, toDataUrl } from "./files";

const png = { id: "f1", mime: "image/png", data: Uint8Array.of(1, 2, 255), created: 5 };

function files() {
  const doc = new Y.Doc();
  return { map: doc.getMap<unknown>("files"), files: new Files(doc) };
}

test("an image is stored once and comes back as it was", () => {
  const { files: all, map } = files();
  all.put(png);
  all.put({ ...png, data: Uint8Array.of(9) });
  expect(map.size).toBe(1);
  expect(all.get("f1")).toEqual(png);
});

test("what is too large or no image is not stored", () => {
  const { files: all, map } = files();
  all.put({ ...png, data: new Uint8Array(FILE + 1) });
  all.put({ ...png, mime: "text/html" });
  expect(map.size).toBe(0);
});

test.each<[string, unknown]>([
  ["nothing", undefined],
  ["text", "x"],
  ["data as text", { ...png, data: "AQID" }],
  ["no data", { ...png, data: new Uint8Array() }],
  ["too much data", { ...png, data: new Uint8Array(FILE + 1) }],
  ["a page", { ...png, mime: "text/html" }],
  ["no time", { ...png, created: Number.NaN }],
])("%s is no image", (_, value) => {
  const { files: all, map } = files();
  map.set("f1", value);
  expect(all.get("f1")).toBeUndefined();
});

test("bytes to a data URL and back", () => {
  const data = Uint8Array.from({ length: 20_000 }, (_, i) => i % 256);
  const url = toDataUrl({ mime: "image/webp", data });
  expect(url.startsWith("data:image/webp;base64,AAEC")).toBe(true);
  expect(fromDataUrl(url)).toEqual({ mime: "image/webp", data });
});

test("a data URL of plain text", () => {
  const svg = fromDataUrl("data:image/svg+xml;charset=utf-8,%3Csvg%2F%3E");
  expect(svg?.mime).toBe("image/svg+xml");
  expect(new TextDecoder().decode(svg?.data)).toBe("<svg/>");
});

test.each(["", "image/png", "data:,x", "data:image/png;base64,!!!", "https://example.org/a.png"])(
  "%s is no data URL of a file",
  (url) => {
    expect(fromDataUrl(url)).toBeUndefined();
  },
);
