import { describe, expect, it } from "vitest";
import { heatOf, rangeOf, sayCell, sayMap, shadeOf, shades, short } from "../src/pages/redis/heat";

const map = (columns: number[][]) => ({
  startAt: "2026-11-22T12:00:00Z",
  stepMs: 60_000,
  upperBoundsMs: [0.0655, 0.131, 1, 1073.7418],
  columns,
});

describe("The heat map", () => {
  it("is none where nothing was measured", () => {
    expect(heatOf(map([]))).toBeNull();
    expect(heatOf(map([[0, 0, 0, 0, 0]]))).toBeNull();
  });
  it("leaves out the rows that are empty, but for one at each side", () => {
    const heat = heatOf(map([[0, 0, 5, 0, 0]]))!;
    expect([heat.first, heat.last]).toEqual([1, 3]);
  });
  it("has shades that grow by equal ratios and end with the most", () => {
    const { bounds } = heatOf(map([[0, 0, 10_000_000, 1, 0]]))!;
    expect(bounds).toHaveLength(shades);
    expect(bounds.at(-1)).toBe(10_000_000);
    expect(bounds[0]).toBe(10);
    expect([0, 1, 10, 11, 10_000_000].map((value) => shadeOf(value, bounds))).toEqual([0, 1, 1, 2, shades]);
  });
  it("gives the largest of small numbers the last but as many shades as there are numbers", () => {
    const { bounds } = heatOf(map([[3, 0, 0, 0, 0]]))!;
    expect(new Set([1, 2, 3].map((value) => shadeOf(value, bounds))).size).toBe(3);
  });
  it.each([
    [0.0655, "65.5 µs"],
    [1, "1 ms"],
    [16.7772, "16.8 ms"],
    [1073.7418, "1.07 s"],
  ])("names a bound of %s ms %s", (ms, text) => expect(short(ms)).toBe(text));
  it("names its rows", () => {
    expect(rangeOf(map([]), 0)).toBe("up to 65.5 µs");
    expect(rangeOf(map([]), 2)).toBe("131 µs to 1 ms");
    expect(rangeOf(map([]), 4)).toBe("more than 1.07 s");
  });
  it("says a cell and the whole in words", () => {
    const heat = heatOf(
      map([
        [0, 30, 10, 0, 0],
        [0, 0, 0, 0, 2],
      ]),
    )!;
    expect(sayCell(heat.map, 0, 2)).toContain("131 µs to 1 ms: 10 operations, 25.0 % of 40");
    const said = sayMap(heat);
    expect(said).toContain("Latency of 42 operations over the last 2.0 min.");
    expect(said).toContain("Most took 65.5 µs to 131 µs (71.4 %)");
    expect(said).toContain("The slowest took more than 1.07 s: 2");
  });
});
