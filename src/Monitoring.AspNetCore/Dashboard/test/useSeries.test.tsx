import { act, cleanup, render } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { advance, useLive, useSeries, ViewContext } from "../src/data/context";
import type { HistorySummary, LiveSnapshot } from "../src/data/types";
import { FakeSource, noHistory, snapshotOf } from "./fakes";

const start = Date.parse("2026-11-22T12:00:00Z");
const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();
const value = (metric: string, of: number | null, instance: string | null = null) => ({
  metric,
  instance,
  unit: "ms",
  value: of,
});
const summary: HistorySummary = {
  ...noHistory,
  startAt: at(0),
  count: 3,
  series: [{ metric: "a", instance: null, unit: "ms", average: [1, 2, null], maximum: [1, 2, null] }],
};

describe("A series goes on", () => {
  const averages = (advanced: HistorySummary) => advanced.series.map((series) => series.average);
  it("with the value of its last point", () =>
    expect(averages(advance(summary, at(2.5), [value("a", 9)], ["a"]))).toEqual([[1, 2, 9]]));
  it("by a point, and one is dropped at the beginning", () => {
    const moved = advance(summary, at(3), [value("a", 9)], ["a"]);
    expect(averages(moved)).toEqual([[2, null, 9]]);
    expect(moved.startAt).toBe(at(1));
  });
  it("over a gap, in which nothing is known", () =>
    expect(averages(advance(summary, at(60), [value("a", 9)], ["a"]))).toEqual([[null, null, 9]]));
  it("with instances that are new, and none that nobody asked for", () => {
    const grown = advance(summary, at(2), [value("a", 5, "x"), value("b", 5)], ["a"]);
    expect(grown.series.map((series) => [series.metric, series.instance])).toEqual([
      ["a", null],
      ["a", "x"],
    ]);
    expect(averages(grown)[1]).toEqual([null, null, 5]);
  });
});

describe("The history is loaded", () => {
  beforeEach(() => vi.useFakeTimers({ now: start }));
  afterEach(() => {
    cleanup();
    vi.useRealTimers();
  });
  const Probe = () => {
    useSeries(["a"], useLive("Redis"));
    return null;
  };
  const show = (source: FakeSource) =>
    render(
      <ViewContext.Provider value={{ source, window: "5m" }}>
        <Probe />
      </ViewContext.Provider>,
    );
  const tell = (source: FakeSource, snapshot: Partial<LiveSnapshot>) =>
    act(() => source.show({ snapshot: snapshotOf("Redis", snapshot) }));

  it("once, and not again with every snapshot", async () => {
    const source = new FakeSource(null);
    show(source);
    await tell(source, { at: at(0) });
    await tell(source, { at: at(1) });
    expect(source.asked).toEqual(["history a"]);
  });

  it("again when the service was restarted", async () => {
    const source = new FakeSource(null);
    show(source);
    await tell(source, { at: at(0) });
    await tell(source, { at: at(1), startedAt: at(0.5) });
    expect(source.asked).toHaveLength(2);
  });

  it("again when nothing was seen for a while, such as while the page was hidden", async () => {
    const source = new FakeSource(null);
    show(source);
    await tell(source, { at: at(0) });
    await tell(source, { at: at(600) });
    expect(source.asked).toHaveLength(2);
  });

  it("again when that failed", async () => {
    const source = new FakeSource(null);
    const load = vi.spyOn(source, "history").mockRejectedValueOnce(new Error("away"));
    show(source);
    await act(async () => void (await vi.advanceTimersByTimeAsync(5100)));
    expect(load).toHaveBeenCalledTimes(2);
    await act(async () => void (await vi.advanceTimersByTimeAsync(60_000)));
    expect(load).toHaveBeenCalledTimes(2);
  });
});
