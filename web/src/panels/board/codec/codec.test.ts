import { describe, expect, test } from "vitest";
import { decodeElement, encodeElement } from "./codec";
import type { FlatElement } from "./element";
import { KINDS } from "./fields";
import { FAR, SIZE } from "./limits";
import { encodePoints } from "./numbers";
import { sample, SAMPLES } from "./samples";

const flat = (id: string): FlatElement => {
  const encoded = encodeElement(sample(id));
  if (!encoded) throw new Error("not encoded");
  return encoded;
};

describe("a round trip", () => {
  test("there is a sample of every kind", () => {
    expect(new Set(SAMPLES.map(({ type }) => type))).toEqual(new Set(KINDS.keys()));
  });

  test.each(SAMPLES.map((element) => [element.id, element] as const))("loses nothing: %s", (id, element) => {
    const encoded = encodeElement(element);
    expect(decodeElement(id, encoded)).toEqual(element);
    for (const value of Object.values(encoded ?? {})) {
      expect(value === null || value instanceof Uint8Array || typeof value !== "object").toBe(true);
    }
  });

  test("half a surrogate pair, which the guard refuses, is replaced", () => {
    expect(encodeElement(sample("label", { text: "a\ud83d" }))?.text).toBe("a\ufffd");
    expect(encodeElement(sample("label", { text: "a😀" }))?.text).toBe("a😀");
  });
});

describe("an invalid element is not decoded", () => {
  test.each<[string, string, unknown]>([
    ["null", "box", null],
    ["text", "box", "rectangle"],
    ["bytes", "box", new Uint8Array(4)],
    ["nothing", "box", {}],
    ["a strange id", "<b>", flat("box")],
    ["an id that every object has", "constructor", flat("box")],
    ["the id of what every object inherits from", "__proto__", flat("box")],
    ["a field that every object has", "box", { ...flat("box"), roundness: '{"type":2,"constructor":1}' }],
    ["a field that throws", "box", { ...flat("box"), roundness: '{"type":2,"valueOf":1}' }],
    ["a prototype", "box", { ...flat("box"), roundness: '{"type":2,"__proto__":1}' }],
    ["an embedded page", "box", { ...flat("box"), type: "embeddable" }],
    ["an iframe", "box", { ...flat("box"), type: "iframe" }],
    ["a frame of Excalidraw's AI", "box", { ...flat("frame"), type: "magicframe" }],
    ["a kind named like a method", "box", { ...flat("box"), type: "constructor" }],
    ["NaN", "box", { ...flat("box"), x: Number.NaN }],
    ["a far place", "box", { ...flat("box"), y: 1e300 }],
    ["text for a number", "box", { ...flat("box"), width: "10" }],
    ["a missing field", "box", { ...flat("box"), seed: undefined }],
    ["a colour that refers", "box", { ...flat("box"), strokeColor: "url(https://example.org)" }],
    ["broken JSON", "box", { ...flat("box"), groupIds: "[" }],
    ["a number for JSON", "box", { ...flat("box"), groupIds: 5 }],
    ["other JSON", "box", { ...flat("box"), groupIds: '{"a":1}' }],
    [
      "a binding with more in it",
      "arrow",
      { ...flat("arrow"), startBinding: '{"elementId":"a","focus":0,"gap":0,"x":1}' },
    ],
    ["points as text", "stroke", { ...flat("stroke"), points: "[[0,0]]" }],
    ["a line of one point", "line", { ...flat("line"), points: Uint8Array.of(4, 0, 0, 0, 0, 0, 0, 0, 0) }],
    ["a crooked elbow", "elbow", { ...flat("elbow"), points: flat("line").points }],
    ["a font nobody has", "label", { ...flat("label"), fontFamily: 77 }],
    ["a rectangle of ten millions square", "box", { ...flat("box"), width: 1e7, height: 1e7 }],
    ["an edge a little longer than there is", "box", { ...flat("box"), height: SIZE + 1 }],
    ["an edge as long to the other side", "box", { ...flat("box"), width: -SIZE - 1 }],
    ["a place a little further than there is", "box", { ...flat("box"), x: -FAR - 1 }],
    [
      "a path that goes further",
      "stroke",
      {
        ...flat("stroke"),
        points: encodePoints([
          [0, 0],
          [SIZE + 1, 0],
        ]),
      },
    ],
    ["hatching without a gap", "box", { ...flat("box"), strokeWidth: 0 }],
    ["a pen as thick as a board", "box", { ...flat("box"), strokeWidth: 1_000 }],
    ["letters as high as a board", "label", { ...flat("label"), fontSize: 10_000 }],
    ["an endless text", "label", { ...flat("label"), text: "x".repeat(200_000) }],
  ])("%s", (_, id, value) => {
    expect(decodeElement(id, value)).toBeUndefined();
  });

  test.each(["javascript:alert(1)", "data:text/html,x", "file:///etc", "/path", "no link", "blob:x"])(
    "a link to %s is no link",
    (link) => {
      expect(decodeElement("box", { ...flat("box"), link })?.link).toBeNull();
      expect(encodeElement(sample("box", { link }))?.link).toBeNull();
    },
  );

  test.each(["https://example.org", "http://example.org", "mailto:a@example.org"])("%s is one", (link) => {
    expect(decodeElement("box", { ...flat("box"), link })?.link).toBe(link);
  });

  test.each([
    ["example.org", "https://example.org"],
    ["www.example.org/a?b#c", "https://www.example.org/a?b#c"],
    ["example.org:8080/x", "https://example.org:8080/x"],
  ])("%s is written as %s", (link, whole) => {
    expect(encodeElement(sample("box", { link }))?.link).toBe(whole);
  });

  test("the largest and furthest element is valid", () => {
    const large = sample("box", { x: FAR, y: -FAR, width: SIZE, height: SIZE });
    expect(decodeElement("box", encodeElement(large))).toEqual(large);
  });

  test("an invalid place in the order is left out, and the element stays", () => {
    expect(decodeElement("box", { ...flat("box"), index: "!" })?.index).toBeNull();
  });

  test("fields nobody knows are left out", () => {
    expect(decodeElement("box", { ...flat("box"), onclick: "x" })).not.toHaveProperty("onclick");
  });
});
