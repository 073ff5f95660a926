import { expect, test } from "vitest";
import { safeAddress } from "./links";

test.each([
  ["https://example.org/a?b#c", "https://example.org/a?b#c"],
  ["HTTP://example.org", "http://example.org/"],
  ["mailto:ann@example.org", "mailto:ann@example.org"],
  ["https://例え.jp/", "https://xn--r8jz45g.jp/"],
])("%s may be opened", (href, address) => {
  expect(safeAddress(href)).toBe(address);
});

test.each([
  null,
  "",
  "#AbC",
  "/path",
  "//example.org",
  "index.html",
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  " javascript:alert(1)",
  "java\nscript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "vbscript:x",
  "file:///etc/passwd",
  "blob:https://example.org/1",
  "about:blank",
  "https:example.org",
  "https://",
  "ftp://example.org",
  "tel:1",
])("%j may not", (href) => {
  expect(safeAddress(href)).toBeUndefined();
});
