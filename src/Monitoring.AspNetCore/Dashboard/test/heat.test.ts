import { describe, expect, it } from "vitest";
import {
  heatOf,
  perSecond,
  rangeOf,
  sayCell,
  sayMap,
  shadeOf,
  shades,
  short,
  type Column,
} from "../src/pages/redis/heat";
import { columnsOf, merge, Seconds } from "../src/pages/redis/seconds";

const bounds = [0.0655, 0.131, 1, 1073.7418];
const noon = Date.parse("2026-11-22T12:00:00Z");
const column = (from: number, rows: number[], length = 1000): Column => ({
  from: noon + from,
  to: noon + from + length,
  start: noon + from,
  end: noon + from + length,
  rows,
});
const heat = (...columns: Column[]) => heatOf(bounds, columns, noon, noon + 60_000);
const map = (start: number, stepMs: number, columns: number[][]) => ({
  startAt: new Date(noon + start).toISOString(),
  stepMs,
  upperBoundsMs: bounds,
  columns,
});

describe("The heat map", () => {
  it("is none where nothing was measured", () => {
    expect(heat()).toBeNull();
    expect(heat(column(0, [0, 0, 0, 0, 0]))).toBeNull();
  });
  it("leaves out the rows that are empty, but for one at each side", () => {
    const { first, last } = heat(column(0, [0, 0, 5, 0, 0]))!;
    expect([first, last]).toEqual([1, 3]);
    expect(heat(column(0, [1, 0, 0, 0, 1]))).toMatchObject({ first: 0, last: 4 });
  });
  it("has shades that grow by equal ratios from the least to the most", () => {
    const least = column(0, [1, 0, 0, 0, 0]);
    const most = column(1000, [10_000_000, 0, 0, 0, 0]);
    const drawn = heat(least, most)!;
    expect(drawn.shades).toHaveLength(shades);
    expect(drawn.shades.map(Math.round)).toEqual([10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000]);
    expect(shadeOf(drawn, least, 0)).toBe(1);
    expect(shadeOf(drawn, most, 0)).toBe(shades);
    expect(shadeOf(drawn, least, 1)).toBe(0);
  });
  it("compares columns of unlike length by their rate", () => {
    const second = column(0, [10, 0, 0, 0, 0]);
    const minute = column(1000, [600, 0, 0, 0, 0], 60_000);
    const drawn = heat(second, minute, column(61_000, [1, 0, 0, 0, 0]))!;
    expect(shadeOf(drawn, second, 0)).toBe(shadeOf(drawn, minute, 0));
  });
  it.each([
    [0.0655, "65.5 µs"],
    [1, "1 ms"],
    [16.7772, "16.8 ms"],
    [1073.7418, "1.07 s"],
  ])("names a bound of %s ms %s", (ms, text) => expect(short(ms)).toBe(text));
  it("names rates with two digits", () =>
    expect([0.01666, 2.449, 48.2, 12_340].map(perSecond)).toEqual(["0.017/s", "2.4/s", "48/s", "12.3 k/s"]));
  it("names its rows", () => {
    expect(rangeOf(bounds, 0)).toBe("up to 65.5 µs");
    expect(rangeOf(bounds, 2)).toBe("131 µs to 1 ms");
    expect(rangeOf(bounds, 4)).toBe("more than 1.07 s");
  });
  it("says a cell and the whole in words", () => {
    const first = column(0, [0, 30, 10, 0, 0], 10_000);
    const drawn = heat(first, column(10_000, [0, 0, 0, 0, 2], 10_000))!;
    expect(sayCell(drawn, first, 2)).toContain("131 µs to 1 ms: 10 operations (1/s), 25.0 % of 40");
    expect(sayMap(drawn)).toMatch(
      /^Last 1 min: most operations took 65\.5 µs to 131 µs \(71\.4 %\), the slowest more than 1\.07 s, last at \d\d:00:10\.$/,
    );
  });
});

describe("Seconds that were seen", () => {
  it("leave out the one that is not over", () => {
    const seconds = new Seconds(map(0, 1000, [[1], [2], [3]]), 60_000);
    expect(seconds.columns(1).map(({ rows }) => rows)).toEqual([[1], [2]]);
    expect(seconds.to).toBe(noon + 2000);
  });
  it("are taken from the newer map where both know them, however the clock trembles", () => {
    const seconds = new Seconds(map(0, 1000, [[1], [2], [3]]), 60_000);
    seconds.add(map(1003, 1000, [[20], [30], [40]]));
    expect(seconds.columns(1).map(({ rows }) => rows)).toEqual([[1], [20], [30]]);
  });
  it("are forgotten after the window", () => {
    const seconds = new Seconds(map(0, 1000, [[1], [2], [3], [4]]), 2000);
    expect(seconds.columns(1).map(({ rows }) => rows)).toEqual([[2], [3]]);
  });
  it("are put together where all of them were seen", () => {
    const seconds = new Seconds(map(0, 1000, [[1], [2], [3], [4], [5]]), 60_000);
    seconds.add(map(8000, 1000, [[1], [1], [1], [1], [1], [1]]));
    expect(seconds.columns(4).map(({ start, rows }) => [start - noon, ...rows])).toEqual([
      [0, 10],
      [8000, 4],
      [12_000, 1],
    ]);
  });
  it("stand for their part of a minute", () => {
    const coarse = columnsOf(map(0, 60_000, [[60], [30]]), noon + 90_000);
    expect(coarse.map(({ from, to }) => [from - noon, to - noon])).toEqual([
      [0, 60_000],
      [60_000, 90_000],
    ]);
    const merged = merge([column(40_000, [7], 10_000), column(80_000, [8], 10_000)], coarse);
    expect(
      merged.map(({ from, to, start, end, rows }) => [from, to, start, end].map((at) => at - noon).concat(rows)),
    ).toEqual([
      [0, 40_000, 0, 60_000, 60],
      [40_000, 50_000, 40_000, 50_000, 7],
      [50_000, 60_000, 0, 60_000, 60],
      [60_000, 80_000, 60_000, 90_000, 30],
      [80_000, 90_000, 80_000, 90_000, 8],
    ]);
  });
});
