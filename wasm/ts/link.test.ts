import { expect, test } from "vitest";
import { linkOn, pageOfLink } from "./link.js";

test("a link is the page without its query, and the capability", () => {
  expect(linkOn("https://a.example/b/?c=d#e", "CAP")).toBe("https://a.example/b/#CAP");
  expect(pageOfLink(" https://a.example/b/#CAP")).toBe("https://a.example/b/");
  expect(pageOfLink("#CAP")).toBeUndefined();
  expect(pageOfLink("CAP")).toBeUndefined();
});
