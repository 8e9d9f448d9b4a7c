import { describe, expect, it } from "vitest";
import {
  columnsOf,
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

const bounds = [0.0655, 0.131, 1, 1073.7418];
const noon = Date.parse("2026-11-22T12:00:00Z");
const column = (from: number, rows: number[], length = 1000): Column => ({
  from: noon + from,
  to: noon + from + length,
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

it("The last column of a map ends now", () => {
  const columns = columnsOf(map(0, 60_000, [[60], [30], [1]]), noon + 90_000);
  expect(columns.map(({ from, to, rows }) => [from - noon, to - noon, ...rows])).toEqual([
    [0, 60_000, 60],
    [60_000, 90_000, 30],
  ]);
});
