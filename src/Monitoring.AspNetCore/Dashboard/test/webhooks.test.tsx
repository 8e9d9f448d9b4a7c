import { cleanup, fireEvent } from "@testing-library/preact";
import { afterEach, describe, expect, it, vi } from "vitest";
import { WebhooksPage } from "../src/pages/WebhooksPage";
import { findings } from "../src/pages/webhooks/findings";
import { colorOf, orderOf, sharesOf, waterfall, type Breakdown, type PhaseSummary } from "../src/pages/webhooks/phases";
import { FakeSource, snapshotOf } from "./fakes";
import history from "./fixtures/history.json";
import fixture from "./fixtures/webhooks.json";
import { bad, draw, emptied, expectClean, expectText, hostile, openRows, recorded, rightToLeft, settle } from "./pages";

vi.mock("uplot", () => import("./fakeUplot"));
afterEach(cleanup);

const phase = (name: string, sharePercent: number): PhaseSummary => ({
  name,
  sharePercent,
  count: 10,
  averageMs: 1,
  p95Ms: 2,
  averageSelfMs: 1,
});
const breakdown = (totalMs: number, ...phases: [name: string, selfMs: number][]): Breakdown => ({
  endpoint: "github",
  startedAt: "2026-11-22T12:00:00Z",
  totalMs,
  phases: phases.map(([name, selfMs]) => ({ name, wallMs: selfMs, selfMs, count: 1 })),
  statusCode: 202,
  traceId: null,
});

describe("Phases", () => {
  it("stand in the order in which webhooks go through them, not in that of their shares", () => {
    const phases = [phase("Redis", 60), phase("Signature", 10), phase("Never seen", 5), phase("Queue", 20)];
    const seen = [
      breakdown(10, ["Signature", 1], ["Redis", 6], ["Queue", 2]),
      breakdown(10, ["Signature", 1], ["Queue", 2]),
    ];
    expect(orderOf(phases, seen)).toEqual(["Signature", "Redis", "Queue", "Never seen"]);
  });
  it("begin where the one before ends, and the rest of the time lies in none", () => {
    const { rows, outsidePercent } = waterfall([phase("b", 50), phase("a", 20)], ["a", "b"]);
    expect(rows.map((row) => [row.phase.name, row.start, row.width])).toEqual([
      ["a", 0, 20],
      ["b", 20, 50],
    ]);
    expect(outsidePercent).toBe(30);
  });
  it("that run side by side share the width", () => {
    const { rows, outsidePercent } = waterfall([phase("a", 100), phase("b", 100)], ["a", "b"]);
    expect(rows.map((row) => [row.start, row.width])).toEqual([
      [0, 50],
      [50, 50],
    ]);
    expect(outsidePercent).toBe(0);
  });
  it("of one webhook are shares of its time, with what lies in none", () => {
    const shares = sharesOf(breakdown(10, ["a", 2], ["b", 5]), ["a", "b"]);
    expect(shares.map((share) => [share.label, share.percent])).toEqual([
      ["a", 20],
      ["b", 50],
      ["in no phase", 30],
    ]);
  });
  it("of one webhook that ran side by side are shares of what they took together", () => {
    const shares = sharesOf(breakdown(10, ["a", 10], ["b", 10]), ["a", "b"]);
    expect(shares.map((share) => share.percent)).toEqual([50, 50]);
  });
  it("have a colour each, grey is for what lies in none", () => {
    expect(["a", "b", "unknown"].map((name) => colorOf(name, ["a", "b"]))).toEqual([0, 1, 5]);
  });
});

describe("What is said first", () => {
  const { webhooks } = recorded(fixture);
  const objective = { ...webhooks!.objective, objectivePercent: 99, targetMs: 500, errorBudgetRemainingPercent: 40 };
  const said = (within500MsPercent: number, within2SPercent: number, more: object = {}) =>
    findings({
      ...webhooks!,
      count: 1000,
      within500MsPercent,
      within2SPercent,
      objective: { ...objective, count: 1000, burnRates: [], ...more },
    });
  it("is what senders notice", () =>
    expect(said(98, 99.8)).toEqual([
      { tone: "critical", text: "2 of 1,000 webhooks took longer than the 2 s that senders wait." },
    ]));
  it("is that the objective is missed", () =>
    expect(said(98, 100)[0]).toMatchObject({
      tone: "warning",
      text: expect.stringMatching(/^20 of 1,000 webhooks missed/),
    }));
  it("is no warning while the objective is kept", () => expect(said(99.5, 100)[0]).toMatchObject({ tone: "good" }));
  it("is that all is well", () =>
    expect(said(100, 100)).toEqual([{ tone: "good", text: "All 1,000 webhooks were answered within 500 ms." }]));
  it("is that none came", () => expect(findings(emptied(webhooks!))[0]!.text).toBe("No webhook came in this time."));
  it("is that the budget goes too fast over one of the windows that matter", () => {
    const burn = (windowMs: number, rate: number) => ({ windowMs, rate, count: 1000 });
    expect(said(100, 100, { burnRates: [burn(300_000, 90), burn(3_600_000, 14), burn(21_600_000, 5)] })).toHaveLength(
      1,
    );
    expect(said(100, 100, { burnRates: [burn(3_600_000, 14.5)] })[1]!.text).toBe(
      "The error budget goes 14.5 times as fast as it may (last 1 h).",
    );
  });
  it("is that the budget is used up, which says it all", () => {
    const found = said(100, 100, { errorBudgetRemainingPercent: 0, misses: 30, burnRates: [] });
    expect(found[1]).toMatchObject({ tone: "critical", text: expect.stringContaining("30 of 1,000 webhooks") });
  });
});

describe("The page of webhooks", () => {
  const page = async (snapshot = recorded(fixture)) => {
    const source = new FakeSource(snapshot);
    source.summary = history;
    return draw(WebhooksPage, source);
  };
  it("shows what was recorded", async () => {
    const container = await page();
    expectClean(container);
    const titles = [...container.querySelectorAll("h2")].map((title) => title.textContent);
    expect(titles).toEqual([
      "Response time",
      "Targets kept",
      "Objective",
      "Where the time goes",
      "Endpoints",
      "Single webhooks",
    ]);
    const { webhooks } = recorded(fixture);
    expect(container.querySelectorAll("[role=meter]")).toHaveLength(webhooks!.compliance.length * 2);
    const bars = [...container.querySelectorAll(".waterfall .name")].map((name) => name.textContent);
    expect(bars.slice(0, 2)).toEqual(["Signature validation", "Validation"]);
    expect(await openRows(container, () => expectClean(container))).toBeGreaterThan(4);
  });
  it("says of a target what it is and whether it was kept, in words", async () => {
    const snapshot = recorded(fixture);
    snapshot.webhooks!.compliance = [{ windowMs: 60_000, count: 200, within500MsPercent: 90, within2SPercent: 100 }];
    const container = await page(snapshot);
    const meters = [...container.querySelectorAll("[role=meter]")];
    expect(meters.map((meter) => meter.getAttribute("aria-label"))).toEqual([
      "Within 500 ms, last 1 min",
      "Within 2 s, last 1 min",
    ]);
    expect(meters.map((meter) => meter.getAttribute("aria-valuetext"))).toEqual([
      "90.0 % of 200, missed",
      "100.0 % of 200, kept",
    ]);
  });
  it("shows the last ones instead of the slowest when asked to", async () => {
    const snapshot = recorded(fixture);
    snapshot.webhooks!.recent = [{ ...snapshot.webhooks!.recent[0]!, traceId: "0123456789abcdef0123456789abcdef" }];
    const container = await page(snapshot);
    expect(container.textContent).not.toContain("0123456789abcdef0123456789abcdef");
    fireEvent.click(container.querySelector("input[value=recent]")!);
    await settle();
    expect(container.textContent).toContain("0123456789abcdef0123456789abcdef");
  });
  it("says what to do where no webhook was ever timed", async () => {
    const container = await page({ ...recorded(fixture), webhooks: emptied(recorded(fixture).webhooks) });
    expectClean(container);
    expect(container.textContent).toContain("No webhook was timed.");
    expect(container.textContent).toContain("BeginWebhook");
  });
  it("says that none came lately where some came before", async () => {
    const snapshot = recorded(fixture);
    const container = await page({
      ...snapshot,
      webhooks: { ...emptied(snapshot.webhooks!), recent: snapshot.webhooks!.recent },
    });
    expectClean(container);
    expect(container.textContent).toContain("No webhook came in this time.");
  });
  it("waits while there is no snapshot", async () =>
    expect((await draw(WebhooksPage, new FakeSource(null))).textContent).toContain("Waiting"));
  it("keeps what an unset date is to itself", async () => {
    const snapshot = recorded(fixture);
    for (const row of snapshot.webhooks!.slowest) row.startedAt = "0001-01-01T00:00:00+00:00";
    expect((await page(snapshot)).querySelector("time")).toBeNull();
  });
  it.each([
    ["markup", bad],
    ["right to left", rightToLeft],
    ["10 KB", "x".repeat(10_240)],
  ])("a name of %s stays text", async (_, text) => {
    const container = await page(hostile(recorded(fixture), text));
    expect(container.textContent).toContain(text.slice(0, 300));
    await openRows(container, () => {
      expectText(container);
      expectClean(container);
    });
  });
  it("has nothing to show of another page's snapshot", async () =>
    expect((await page(snapshotOf("Webhooks"))).textContent).toContain("Waiting"));
});
