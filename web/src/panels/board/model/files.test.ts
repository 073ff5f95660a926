import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { FILE, Files, fromDataUrl, toDataUrl } from "./files";
import * as pictures from "./pictures";

const png = { id: "f1", mime: "image/png", data: pictures.png(30, 20), created: 5 };

function files() {
  const doc = new Y.Doc();
  return { map: doc.getMap<unknown>("files"), files: new Files(doc) };
}

test("an image is stored once and comes back as it was", () => {
  const { files: all, map } = files();
  all.put(png);
  all.put({ ...png, data: pictures.png(9, 9) });
  expect(map.size).toBe(1);
  expect(all.get("f1")).toEqual({ ...png, width: 30, height: 20 });
});

test("the kind of an image is read from its bytes, not from its name", () => {
  const { files: all, map } = files();
  map.set("f1", { ...png, mime: "image/svg+xml" });
  map.set("f2", { ...png, mime: "text/html" });
  expect(["f1", "f2"].map((id) => all.get(id)?.mime)).toEqual(["image/png", "image/png"]);
});

describe("a stored image that is not shown is known, and gives way to one that is shown", () => {
  const bomb = '<g id="a"><use href="#b"/><use href="#b"/></g><g id="b"><use href="#c"/></g><rect id="c"/>';
  test.each<[string, object]>([
    ["an SVG", { mime: "image/svg+xml", data: pictures.svg(bomb) }],
    ["an SVG that is called PNG", { mime: "image/png", data: pictures.svg(bomb) }],
    ["a PNG of 16,000 square", { data: pictures.png(16_000, 16_000) }],
    ["a PNG as high as it is allowed and one more", { data: pictures.png(1, 4_097) }],
    ["a GIF that says it is small", { mime: "image/gif", data: pictures.gif(10, 10, [16_000, 16_000]) }],
    ["an AVIF", { mime: "image/avif", data: pictures.avif(10, 10) }],
    ["a page", { mime: "text/html", data: new TextEncoder().encode("<html></html>") }],
  ])("%s", (_, fields) => {
    const { files: all, map } = files();
    map.set("f1", { ...png, ...fields });
    expect([all.get("f1"), all.isRefused("f1"), all.isRefused("f2")]).toEqual([undefined, true, false]);
    all.put(png);
    expect([all.get("f1")?.width, all.isRefused("f1")]).toEqual([30, false]);
  });

  test("4,096 square is shown", () => {
    const { files: all, map } = files();
    map.set("f1", { ...png, data: pictures.png(4_096, 4_096) });
    expect(all.get("f1")?.width).toBe(4_096);
  });
});

test("a file that is too large or no image is not stored", () => {
  const { files: all, map } = files();
  all.put({ ...png, data: new Uint8Array(FILE + 1) });
  all.put({ ...png, data: new TextEncoder().encode("<html>") });
  expect(map.size).toBe(0);
});

test.each<[string, unknown]>([
  ["nothing", undefined],
  ["text", "x"],
  ["data as text", { ...png, data: "AQID" }],
  ["no data", { ...png, data: new Uint8Array() }],
  ["too much data", { ...png, data: new Uint8Array(FILE + 1) }],
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
