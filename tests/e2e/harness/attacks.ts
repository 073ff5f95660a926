/** Elements that a member with rights puts onto a board so that nobody who looks at it can do anything else. */
import { flat, laughs, png, put, putArrows, putFiles } from "./elements";
import type { Person } from "./person";

const filled = { backgroundColor: "#ffc9c9", fillStyle: "hachure" };

/** Each is written at once, by somebody who may write. */
export const ATTACKS: Record<string, (bob: Person) => Promise<void>> = {
  "a rectangle of ten millions square": (bob) =>
    put(bob, "page/main", [["huge", flat("rectangle", { width: 1e7, height: 1e7, ...filled })]]),
  "500 rectangles of 30,000 square": (bob) =>
    put(
      bob,
      "page/main",
      Array.from({ length: 500 }, (_, i) => [
        `large${i}`,
        flat("rectangle", { x: i * 40, y: i * 40, width: 30_000, height: 30_000, ...filled }),
      ]),
    ),
  "a drawing of ten thousand millions of dots": async (bob) => {
    await putFiles(bob, [
      ["laughs", "image/svg+xml", laughs(10)],
      ["hidden", "image/png", laughs(10)],
    ]);
    await put(bob, "page/main", [picture("laughs", 0), picture("hidden", 1)]);
  },
  "ten pictures of 16,000 square": async (bob) => {
    const data = png(16_000, 16_000);
    const ids = Array.from({ length: 10 }, (_, i) => `png${i}`);
    await putFiles(
      bob,
      ids.map((id) => [id, "image/png", data]),
    );
    await put(
      bob,
      "page/main",
      ids.map((id, i) => picture(id, i)),
    );
  },
  "pictures that say they are small, are cut, or of a kind that does not say": async (bob) => {
    const [lying, whole] = [png(16_000, 16_000, [10, 10]), png(300, 300)];
    await putFiles(bob, [
      ["lying", "image/png", lying],
      ["cut", "image/png", whole.subarray(0, 45)],
      ["avif", "image/avif", Buffer.from("\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf")],
    ]);
    await put(bob, "page/main", [picture("lying", 0), picture("cut", 1), picture("avif", 2)]);
  },
  "arrows with labels, which are painted on squares": (bob) => putArrows(bob, 60),
};

function picture(fileId: string, at: number): [string, unknown] {
  return [`of-${fileId}`, flat("image", { fileId, x: at * 60, y: -80, width: 50, height: 50 })];
}
