import { describe, expect, it } from "vitest";
import { bytes, count, duration, percent, rate } from "../src/components/format";

describe("Figures keep their number of digits", () => {
  it.each([
    [0, "0.00 ms"],
    [0.4211, "0.42 ms"],
    [12, "12.0 ms"],
    [999.4, "999 ms"],
    [1520, "1.52 s"],
    [180_000, "3.0 min"],
    [null, "–"],
    [Number.NaN, "–"],
  ])("a duration of %s ms is %s", (value, text) => expect(duration(value)).toBe(text));
  it.each([
    [9310, "9,310"],
    [48_100, "48.1 k"],
    [3_200_000, "3.20 M"],
  ])("a count of %s is %s", (value, text) => expect(count(value)).toBe(text));
  it("a share that is not quite all of it does not read as all of it", () => expect(percent(99.98)).toBe("99.98 %"));
  it("a share that is not quite nothing does not read as nothing", () =>
    expect([percent(0), percent(0.03), percent(0.05)]).toEqual(["0.0 %", "< 0.1 %", "0.1 %"]));
  it("a rate has a decimal while it is small", () => expect([rate(1.25), rate(1200)]).toEqual(["1.3/s", "1,200/s"]));
  it("bytes go by 1,024", () => expect(bytes(1536)).toBe("1.50 KiB"));
});
