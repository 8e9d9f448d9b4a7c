import { cleanup, fireEvent } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { HistoryQuery } from "../src/data/source";
import type { HistorySummary } from "../src/data/types";
import { HistoryPage } from "../src/pages/HistoryPage";
import { alertsIn, marksOf } from "../src/pages/history/alerts";
import { align, change, changeText, figuresOf, gridOf, slice } from "../src/pages/history/compare";
import { rowsOf, says } from "../src/pages/history/Comparison";
import { toCsv, toJson } from "../src/pages/history/download";
import { settle as settleChoice } from "../src/pages/history/MetricChart";
import { groups, metricOf } from "../src/pages/history/metrics";
import { boundsOf, fromInput, otherBounds, problemOf, readView, toInput, writeView } from "../src/pages/history/view";
import { FakeSource, noHistory, snapshotOf } from "./fakes";
import FakeUplot from "./fakeUplot";
import documented from "../../../../docs/history.md?raw";
import alerts from "./fixtures/alerts-history.json";
import fixture from "./fixtures/history.json";
import { bad, draw, emptied, expectClean, expectText, hostile, recorded, rightToLeft, settle } from "./pages";

vi.mock("uplot", () => import("./fakeUplot"));
beforeEach(() => {
  location.hash = "#/history";
  FakeUplot.made.length = 0;
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const minute = 60_000;
const noon = Date.UTC(2026, 10, 22, 12);
const iso = (at: number) => new Date(at).toISOString();
const summary = (start: number, stepMs: number, average: (number | null)[], maximum = average): HistorySummary => ({
  startAt: iso(start),
  stepMs,
  count: average.length,
  oldestAt: iso(start),
  series: [{ metric: "cpu-usage", instance: null, unit: "%", average, maximum }],
});
const cpu = { metric: "cpu-usage", instance: null };

describe("What can be chosen", () => {
  it("is everything that the history keeps", () => {
    const kept = [...documented.matchAll(/^\| `([a-z-]+)` \| (?:ms|%|\/s)? ?\|/gm)].map(([, name]) => name);
    expect(kept.length).toBeGreaterThan(20);
    expect(groups.flatMap((group) => group.metrics.map((metric) => metric.name)).sort()).toEqual(kept.sort());
  });
});

describe("The address", () => {
  it("says one metric of each lane and the last quarter of an hour by default", () => {
    const view = readView("#/history");
    expect(view.choices.map((choice) => choice.metric)).toEqual([
      "webhook-response-time",
      "redis-latency",
      "task-queue-depth",
      "cpu-usage",
    ]);
    expect([view.range, view.compare]).toEqual(["15m", "none"]);
  });
  it.each([
    ["a range that ends now", { choices: [cpu], range: "6h", compare: "previous" }],
    ["a range of one's own", { choices: [cpu], range: { from: noon, to: noon + minute }, compare: noon - minute }],
    [
      "an instance with what an address gives a meaning",
      { choices: [{ metric: "circuit-state", instance: "a/b&c=?#ü" }], range: "1h", compare: "yesterday" },
    ],
    ["no metric at all", { choices: [], range: "15m", compare: "none" }],
  ] as const)("keeps %s", (_, view) => expect(readView(writeView(view))).toEqual(view));
  it.each([
    ["#/history?range=7d&compare=never&from=x&to=y", "15m", "none"],
    ["#/history?from=2026-11-22T12:00:00Z&to=2026-11-22T11:00:00Z", "15m", "none"],
    ["#/history?range=toString", "15m", "none"],
  ])("passes over what makes no sense: %s", (hash, range, compare) =>
    expect(readView(hash)).toMatchObject({ range, compare }),
  );
  it("passes over metrics that are unknown, twice there or too many", () => {
    const all = groups.flatMap((group) => group.metrics).map((metric) => `metric=${metric.name}`);
    expect(readView("#/history?metric=cpu-usage&metric=none&metric=cpu-usage").choices).toEqual([cpu]);
    expect(readView(`#/history?${all.join("&")}`).choices).toHaveLength(12);
  });
});

describe("Ranges", () => {
  it("that end now move in steps", () => {
    expect(boundsOf("15m", noon + 4999)).toEqual({ from: noon - 15 * minute, to: noon });
    expect(boundsOf("24h", noon + 59_999)).toEqual({ from: noon - 1440 * minute, to: noon });
  });
  it("of one's own stand still", () =>
    expect(boundsOf({ from: noon, to: noon + minute }, noon + 9 * minute)).toEqual({ from: noon, to: noon + minute }));
  it("are compared with as much time", () => {
    const hour = { from: noon - 60 * minute, to: noon };
    expect(otherBounds("none", hour)).toBeNull();
    expect(otherBounds("previous", hour)).toEqual({ from: noon - 120 * minute, to: noon - 60 * minute });
    expect(otherBounds("yesterday", hour)).toEqual({ from: noon - 1500 * minute, to: noon - 1440 * minute });
    expect(otherBounds(noon - 90 * minute, hour)).toEqual({ from: noon - 90 * minute, to: noon - 30 * minute });
  });
  it("say what is wrong with them", () => {
    expect(problemOf(noon, noon + minute)).toBeNull();
    expect(problemOf(noon, noon)).toContain("after it begins");
    expect(problemOf(noon, noon + 1441 * minute)).toContain("24 h");
    expect(problemOf(Number.NaN, noon)).toContain("when it begins");
  });
  it("are typed in the time of whoever looks", () => expect(fromInput(toInput(noon))).toBe(noon));
  it("that were not typed are no moment", () => expect(fromInput("")).toBeNaN());
});

describe("Two ranges", () => {
  it("are aligned by how long after its own beginning a point is, whatever their steps", () => {
    const main = summary(noon, 10_000, [1, 2, 3, 4, 5, 6]);
    const other = summary(noon - 60 * minute, 30_000, [10, 20]);
    const onto = gridOf(main, { from: noon, to: noon + minute });
    const from = gridOf(other, { from: noon - 60 * minute, to: noon - 59 * minute });
    expect(align(other.series[0]!.average, from, onto)).toEqual([10, 10, 10, 20, 20, 20]);
  });
  it("leave open what the other does not reach", () => {
    // The store begins 30 s into the range that it is compared with.
    const other = summary(noon - 60 * minute + 30_000, 10_000, [7, 8, 9]);
    const from = gridOf(other, { from: noon - 60 * minute, to: noon - 59 * minute });
    const onto = { offset: 0, stepMs: 10_000, count: 7 };
    expect(align(other.series[0]!.average, from, onto)).toEqual([null, null, null, 7, 8, 9, null]);
  });
  it("are cut to what was asked for", () => {
    const cut = slice(summary(noon, 10_000, [1, 2, 3, 4, 5]), { from: noon + 15_000, to: noon + 40_000 });
    expect([cut.startAt, cut.count, cut.series[0]!.average]).toEqual([iso(noon + 20_000), 2, [3, 4]]);
  });
  it("may have nothing in common with what is there", () =>
    expect(slice(summary(noon, 1000, [1, 2]), { from: noon - minute, to: noon }).count).toBe(0));
});

describe("Figures of a range", () => {
  it("are of the points that are known, the maximum of all values", () => {
    const average = Array.from({ length: 100 }, (_, place) => place + 1);
    expect(figuresOf({ average: [...average, null], maximum: [null, 500, 3] })).toEqual({
      average: 50.5,
      p95: 95,
      maximum: 500,
    });
  });
  it("of nothing are nothing", () => {
    const nothing = { average: null, p95: null, maximum: null };
    expect(figuresOf({ average: [null], maximum: [null] })).toEqual(nothing);
    expect(figuresOf(undefined)).toEqual(nothing);
  });
  it("of one point are that point", () =>
    expect(figuresOf({ average: [3], maximum: [4] })).toEqual({ average: 3, p95: 3, maximum: 4 }));
  it.each([
    [150, 100, "+50.0 %"],
    [75, 100, "−25.0 %"],
    [100, 100, "±0 %"],
    [100.04, 100, "±0 %"],
    [1_090, 100, "+990.0 %"],
    [150_000, 100, "× 1,500"],
    [-5, 100, "−105.0 %"],
    [0, 0, "±0 %"],
    [5, 0, "from 0"],
    [null, 100, "–"],
    [5, null, "–"],
    [null, 0, "–"],
  ])("%s against %s is %s", (now, then, text) => expect(changeText(now, then)).toBe(text));
  it("below zero differ by their size", () => expect(change(-50, -100)).toBe(50));
});

describe("The sentence", () => {
  const read = (values: (number | null)[]) => ({
    metrics: [cpu.metric],
    bounds: { from: noon, to: noon + minute },
    summary: summary(noon, 10_000, values),
  });
  it("names what differs most", () =>
    expect(says(rowsOf([cpu], read([30, 30]), read([20, 20])), "the hour before")).toBe(
      "Most different from the hour before: Processor, 30.0 % on average instead of 20.0 % (+50.0 %).",
    ));
  it("says that little differs", () =>
    expect(says(rowsOf([cpu], read([20.5]), read([20])), "a day earlier")).toContain("within 5 %"));
  it("says nothing where nothing can be compared", () =>
    expect(says(rowsOf([cpu], read([20]), read([null])), "then")).toBeNull());
});

describe("Alerts of a range", () => {
  const live = recorded(alerts).alerts!;
  const one = live.resolved[0]!;
  const alert = (from: number, to: number | null, more: object = {}) => ({
    ...one,
    id: `${from}`,
    startedAt: iso(noon + from * minute),
    resolvedAt: to === null ? null : iso(noon + to * minute),
    ...more,
  });
  const bounds = { from: noon, to: noon + 10 * minute };
  it("are those that were active at some time of it", () => {
    const resolved = [alert(-5, -1), alert(-5, 1), alert(9, 30), alert(11, 12)];
    const found = alertsIn({ ...live, active: [alert(-60, null)], resolved }, bounds);
    expect(found.map((found) => found.id)).toEqual(["-60", "-5", "9"]);
  });
  it("are none where they are not known", () => expect(alertsIn(null, bounds)).toEqual([]));
  it("are shown in charts of their kind; those at the same time as one mark", () => {
    const all = [
      alert(0, 3, { category: "Redis", severity: "Warning", key: "a", rule: "redis-latency", instance: "GET" }),
      alert(2, 5, { category: "Redis", severity: "Warning", key: "b" }),
      alert(7, null, { category: "Redis", severity: "Warning", key: "c", rule: "late", instance: null }),
      alert(1, 2, { category: "System", severity: "Critical", key: "d" }),
    ];
    expect(marksOf(all, metricOf("redis-latency")!)).toEqual([
      { from: noon, to: noon + 5 * minute, label: "redis-latency GET +1", tone: "warning" },
      { from: noon + 7 * minute, label: "late", tone: "warning" },
    ]);
    expect(marksOf(all, metricOf("cpu-usage")!).map((mark) => mark.tone)).toEqual(["critical"]);
  });
});

describe("A download", () => {
  const named = (instance: string): HistorySummary => ({
    ...summary(noon, 1000, [1.5, null], [2, null]),
    series: [
      { metric: "circuit-state", instance, unit: "", average: [1.5, null], maximum: [2, null] },
      { metric: "cpu-usage", instance: null, unit: "%", average: [9, 9], maximum: [9, 9] },
    ],
  });
  const lines = (instance: string) =>
    toCsv([{ name: "shown", summary: named(instance) }], [{ metric: "circuit-state", instance }])
      .trimEnd()
      .split("\r\n");
  it("has a row for each point of what is shown, and no more", () =>
    expect(lines("redis")).toEqual([
      "range,time,metric,instance,unit,average,maximum",
      "shown,2026-11-22T12:00:00.000Z,circuit-state,redis,,1.5,2",
      "shown,2026-11-22T12:00:01.000Z,circuit-state,redis,,,",
    ]));
  it("quotes names that have commas, quotes or lines", () =>
    expect(
      toCsv([{ name: "shown", summary: named('a,"b"\nc') }], [{ metric: "circuit-state", instance: 'a,"b"\nc' }]),
    ).toContain('"a,""b""\nc"'));
  it.each(["=1+1", "+1", "-1", "@SUM(A1)"])("does not let a spreadsheet take %s for a formula", (name) =>
    expect(lines(name)[1]).toContain(`,'${name},`),
  );
  it("as JSON is what the API answers", () => {
    const parts = JSON.parse(toJson([{ name: "shown", summary: named("redis") }], [cpu])) as HistorySummary[];
    expect(parts[0]!.series.map((series) => series.metric)).toEqual(["cpu-usage"]);
  });
});

describe("The page of the history", () => {
  class Store extends FakeSource {
    readonly queries: HistoryQuery[] = [];

    override history(query: HistoryQuery): Promise<HistorySummary> {
      this.queries.push(query);
      return super.history(query);
    }
  }
  const page = async (hash: string, history: HistorySummary = fixture, snapshot = recorded(alerts)) => {
    location.hash = hash;
    const source = new Store(snapshot);
    source.summary = history;
    return { source, container: await draw(HistoryPage, source) };
  };
  it("shows the chosen metrics, their figures and the alerts of the time", async () => {
    const { source, container } = await page("#/history?metric=cpu-usage&metric=circuit-state&range=15m");
    expectClean(container);
    expect([...container.querySelectorAll(".metric h3")].map((title) => title.textContent)).toEqual([
      "Processor",
      "Circuit (0 closed, 1 half-open, 2 open)",
    ]);
    expect(container.querySelector<HTMLSelectElement>(".metric select")!.value).toBe("/127.0.0.1:16390");
    expect(container.textContent).toContain("cpu-usage");
    const [query] = source.queries;
    expect(query!.metrics).toEqual(["cpu-usage", "circuit-state"]);
    // By the clock of the service, which the fixture holds still.
    expect(query!.to!.getTime()).toBe(Math.floor(Date.parse(alerts.at) / 5000) * 5000);
    expect(query!.to!.getTime() - query!.from!.getTime()).toBe(15 * minute);
  });
  it("says since when there is a history", async () => {
    const { container } = await page("#/history");
    expect(container.querySelector(".lead")!.textContent).toMatch(
      /^The history begins at \d\d:\d\d:\d\d, when the process started\.$/,
    );
  });
  it("reads the range before when two are compared, and says what differs", async () => {
    const { source, container } = await page("#/history?metric=cpu-usage&range=1h&compare=previous");
    expectClean(container);
    const [main, other] = source.queries;
    expect(other!.to).toEqual(main!.from);
    expect(container.textContent).toContain("Average then");
    fireEvent.click(container.querySelector("input[value=none]")!);
    await settle();
    expect(container.textContent).not.toContain("Average then");
  });
  it("puts what is chosen into the address", async () => {
    const { source, container } = await page("#/history?metric=cpu-usage");
    fireEvent.click(container.querySelector("input[value='6h']")!);
    const box = [...container.querySelectorAll<HTMLInputElement>(".metrics input")].find((input) =>
      input.parentElement!.textContent!.includes("Memory"),
    )!;
    fireEvent.click(box);
    await settle();
    expect(readView(location.hash)).toEqual({
      choices: [cpu, { metric: "memory-usage", instance: null }],
      range: "6h",
      compare: "none",
    });
    expect(source.queries.at(-1)!.metrics).toEqual(["cpu-usage", "memory-usage"]);
  });
  it("does not say of what is still read that there is nothing", async () => {
    const { source, container } = await page("#/history?metric=cpu-usage");
    let answer = () => {};
    source.history = () => new Promise((done) => (answer = () => done(fixture)));
    location.hash = "#/history?metric=memory-usage";
    dispatchEvent(new HashChangeEvent("hashchange"));
    await settle();
    expect(container.querySelector(".metric")!.textContent).toContain("Reading…");
    answer();
    await settle();
    expect(container.querySelector(".metric")!.textContent).not.toContain("Reading…");
    expect(container.querySelector(".metric [role=img]")).not.toBeNull();
  });
  it("follows an address that changes", async () => {
    const { source } = await page("#/history?metric=cpu-usage");
    location.hash = "#/history?metric=gc-pause&range=1h";
    dispatchEvent(new HashChangeEvent("hashchange"));
    await settle();
    expect(source.queries.at(-1)!.metrics).toEqual(["gc-pause"]);
  });
  it("says what is wrong with a range instead of asking for it", async () => {
    const from = new Date(noon).toISOString();
    const { source, container } = await page(`#/history?metric=cpu-usage&from=${from}&to=${iso(noon + minute)}`);
    const asked = source.queries.length;
    const [, to] = container.querySelectorAll<HTMLInputElement>("input[type=datetime-local]");
    fireEvent.change(to!, { target: { value: toInput(noon - minute) } });
    await settle();
    expect(container.querySelector("[role=alert]")!.textContent).toContain("after it begins");
    expect(source.queries).toHaveLength(asked);
  });
  it("hands over what is shown as a file", async () => {
    const { container } = await page("#/history?metric=cpu-usage");
    const texts: Blob[] = [];
    vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
      texts.push(blob as Blob);
      return "blob:x";
    });
    const names: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
      names.push(this.download);
    });
    const button = (text: string) => [...container.querySelectorAll("button")].find((one) => one.textContent === text)!;
    fireEvent.click(button("Download CSV"));
    fireEvent.click(button("Download JSON"));
    expect(names.map((name) => name.slice(-5))).toEqual(["Z.csv", ".json"]);
    const shown = slice(fixture, boundsOf("15m", Date.parse(alerts.at))).count;
    const csv = await texts[0]!.text();
    expect(csv.split("\r\n")).toHaveLength(1 + shown + 1);
    expect(csv).not.toContain("webhook-rate");
    expect(await texts[1]!.text()).toContain('"cpu-usage"');
  });
  it("is there before anything was recorded", async () => {
    const { container } = await page("#/history", noHistory, recorded(emptied(alerts)));
    expectClean(container);
    expect(container.textContent).toContain("The history is empty");
    expect(container.textContent).toContain("Nothing was recorded of this in the range.");
    expect(container.textContent).toContain("No alert was active in this range.");
  });
  it("says what to do where no metric is chosen, and asks for none", async () => {
    const { source, container } = await page("#/history?metric=");
    expect(container.textContent).toContain("No metric is chosen.");
    expect(source.queries).toEqual([]);
  });
  it("says what the service refused", async () => {
    location.hash = "#/history";
    const source = new FakeSource(snapshotOf("Alerts"));
    source.history = () => Promise.reject(new Error("'from' is no beginning."));
    expect((await draw(HistoryPage, source)).querySelector("[role=alert]")!.textContent).toBe(
      "'from' is no beginning.",
    );
  });
  it("shows one instance where there is nothing of all together", () => {
    expect(settleChoice({ metric: "circuit-state", instance: null }, [fixture]).instance).toBe("127.0.0.1:16390");
    expect(settleChoice({ metric: "request-latency", instance: null }, [fixture]).instance).toBeNull();
  });
  it.each([
    ["markup", bad],
    ["right to left", rightToLeft],
    ["10 KB", "x".repeat(10_240)],
  ])("a name of %s stays text", async (_, text) => {
    const series = fixture.series.map((one) => (one.instance === null ? one : { ...one, instance: text }));
    const { container } = await page(
      "#/history?metric=circuit-state&metric=cpu-usage",
      { ...fixture, series },
      hostile(recorded(alerts), text),
    );
    expect(container.textContent).toContain(text.slice(0, 300));
    expectText(container);
    expectClean(container);
  });
});
