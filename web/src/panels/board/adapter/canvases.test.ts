import { describe, expect, test } from "vitest";
import { sample } from "../codec/samples";
import { Canvases, shareOf, VIEW } from "./canvases";

describe("the share of each in a sum", () => {
  test("is all they want if there is enough, and never more than the most", () => {
    expect(shareOf([], 100, 40)).toBe(40);
    expect(shareOf([10, 20, 30], 100, 40)).toBe(40);
    expect(shareOf([1_000, 30], 100, 40)).toBe(40);
  });

  test("is all for small ones, and the rest for large ones", () => {
    expect(shareOf([10, 1_000, 1_000], 100, 400)).toBe(45);
    expect(shareOf([1_000, 1_000, 1_000, 1_000], 100, 400)).toBe(25);
    const share = shareOf([5, 50, 500, 5_000], 200, 400);
    expect([5, 50, 500, 5_000].reduce((sum, one) => sum + Math.min(one, share), 0)).toBe(200);
  });
});

describe("canvases", () => {
  const view = (canvases: Canvases, count: number, edge: number) => {
    globalThis.devicePixelRatio = 1;
    const all = Array.from({ length: count }, () => sample("box", { width: edge, height: edge }));
    canvases.view(all, 1);
    return all.reduce((sum, one) => sum + (edge * canvases.scale(one, edge, edge, 1)) ** 2, 0);
  };

  test("of ordinary elements are as large as they are", () => {
    expect(view(new Canvases(), 1_000, 300)).toBe(1_000 * 300 * 300);
  });

  test("of 500 elements of 30,000 have no more pixels than there are for a view", () => {
    const pixels = view(new Canvases(), 500, 30_000);
    expect(pixels).toBeGreaterThan(VIEW * 0.99);
    expect(pixels).toBeLessThan(VIEW * 1.01);
  });

  test("of an arrow with a label count as the square they are painted on", () => {
    const arrow = sample("arrow", {
      width: 16_000,
      height: 1,
      boundElements: [{ id: "label", type: "text" }],
    });
    expect(16_000 * new Canvases().scale(arrow, 16_000, 1, 1)).toBeLessThanOrEqual(4_096);
  });

  test("that are out of view are given up once there are too many", () => {
    const canvases = new Canvases();
    const painted = (id: string) => ({
      element: sample("box", { id }),
      canvas: { width: 4_096, height: 4_096 } as HTMLCanvasElement,
      boundTextCanvas: { width: 300, height: 150 } as HTMLCanvasElement,
      theme: "light",
    });
    const all = Array.from({ length: 7 }, (_, i) => canvases.keep(painted(`e${i}`)));
    canvases.view(
      all.slice(0, 3).map(({ element }) => element),
      1,
    );
    expect(all.map(({ canvas, theme }) => (theme === "light") === canvas.width > 0)).not.toContain(false);
    expect(all.filter(({ canvas }) => canvas.width > 0)).toEqual(all.slice(0, 3));
  });
});
