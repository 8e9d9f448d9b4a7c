import { cleanup, render, screen, within } from "@testing-library/preact";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ViewContext } from "../src/data/context";
import type { LiveSnapshot } from "../src/data/types";
import { laneFigures } from "../src/pages/overview/laneFigures";
import { marksOf } from "../src/pages/overview/LaneCard";
import { headline, laneOf, worstSince } from "../src/pages/overview/worst";
import { OverviewPage, readObjective } from "../src/pages/OverviewPage";
import { FakeSource, snapshotOf } from "./fakes";
import recorded from "./fixtures/overview.json";

vi.mock("uplot", () => ({
  default: class {
    setData() {}
    setSize() {}
    redraw() {}
    destroy() {}
  },
}));
afterEach(cleanup);

const snapshot = recorded as unknown as LiveSnapshot;
const nonsense = /NaN|undefined|\[object|Infinity|null/;

function show(shown: LiveSnapshot) {
  const source = new FakeSource(shown);
  source.summary = {
    startAt: shown.at,
    stepMs: 1000,
    count: 3,
    oldestAt: shown.at,
    series: [{ metric: "redis-latency", instance: null, unit: "ms", average: [1, null, 3], maximum: [1, null, 3] }],
  };
  return render(
    <ViewContext.Provider value={{ source, window: "5m" }}>
      <OverviewPage />
    </ViewContext.Provider>,
  );
}

/** The recorded snapshot with some of its overview replaced. */
function withOverview(more: Partial<NonNullable<LiveSnapshot["overview"]>>, status = snapshot.status): LiveSnapshot {
  return { ...snapshot, status, overview: { ...snapshot.overview!, ...more } };
}

const lane = (name: string) => snapshot.overview!.lanes.find((one) => one.name === name)!;

describe("What is broken, and since when", () => {
  it("names the worst first, then what is a little better", () => {
    const lanes = snapshot.overview!.lanes.map((one) => ({
      ...one,
      status: ({ Redis: "Critical", Queue: "Warning" } as const)[one.name as "Redis" | "Queue"] ?? ("Healthy" as const),
    }));
    expect(headline(withOverview({ lanes }, "Critical"))).toBe("Redis. Warning: Queue");
    expect(headline(withOverview({ lanes: lanes.slice(0, 1) }, "Healthy"))).toBe("");
  });

  it("names what people are told of before its consequences, which are kept quiet", () => {
    const critical = (name: string) => ({ ...lane(name), status: "Critical" as const });
    const [one] = snapshot.overview!.activeAlerts;
    const cause = { ...one!, id: "cause", category: "CircuitBreaker" as const, labels: {}, suppression: null };
    const consequence = {
      ...one!,
      id: "consequence",
      category: "Request" as const,
      suppression: { reason: "Inhibition" as const, by: "circuit-state.redis" },
    };
    const shown = withOverview(
      { lanes: [critical("Webhooks"), critical("Redis")], activeAlerts: [consequence, cause] },
      "Critical",
    );
    expect(headline(shown)).toBe("Redis, Webhooks");
    show(shown);
    const alerts = within(screen.getByRole("region", { name: /^Active alerts/ })).getAllByRole("article");
    expect(alerts[0]!.textContent).not.toContain("Kept quiet");
    expect(alerts[1]!.textContent).toContain("Kept quiet because of alert circuit-state.redis");
  });

  it("goes by the oldest of the worst, not by what only warns", () => {
    const lanes = [
      { ...lane("Queue"), status: "Warning" as const, since: "2026-11-22T10:00:00Z" },
      { ...lane("Redis"), status: "Critical" as const, since: "2026-11-22T12:00:01.5Z" },
      { ...lane("System"), status: "Critical" as const, since: "2026-11-22T12:00:00Z" },
    ];
    expect(worstSince(withOverview({ lanes }, "Critical"))).toBe("2026-11-22T12:00:00Z");
    expect(worstSince(withOverview({ lanes: [] }))).toBeNull();
  });

  it("stands at the top of the page, in words, without a click", () => {
    show(snapshot);
    const verdict = screen.getByRole("region", { name: "Verdict" });
    expect(verdict.textContent).toContain("Critical");
    expect(verdict.textContent).toContain("Redis");
    expect(verdict.textContent).toMatch(/Since \d\d:\d\d:\d\d/);
    for (const { status, reason } of snapshot.overview!.lanes)
      expect(verdict.textContent!.includes(reason)).toBe(status !== "Healthy");
  });
});

describe("Alerts belong to the lane that the service counts them to", () => {
  it.each([
    ["Request", {}, "Webhooks"],
    ["Cache", {}, "Redis"],
    ["CircuitBreaker", {}, "Redis"],
    ["CircuitBreaker", { dependency: "payment" }, "System"],
    ["TaskQueue", {}, "Queue"],
    ["Application", {}, "System"],
  ] as const)("%s %j: %s", (category, labels, name) => expect(laneOf({ category, labels })).toBe(name));
});

describe("Marks in a chart", () => {
  const at = (severity: "Warning" | "Critical", seconds: number) => ({
    severity,
    startedAt: new Date(seconds * 1000).toISOString(),
  });
  it("one for each severity, since the oldest alert of it", () =>
    expect(marksOf([at("Warning", 20), at("Warning", 10), at("Critical", 30)])).toMatchObject([
      { from: 10_000, to: 30_000, tone: "warning" },
      { from: 30_000, tone: "critical" },
    ]));
  it("a warning within what is critical is not seen", () =>
    expect(marksOf([at("Warning", 20), at("Critical", 10)])).toMatchObject([{ from: 10_000, tone: "critical" }]));
  it("none without alerts", () => expect(marksOf([])).toEqual([]));
});

describe("The numbers of a lane", () => {
  const of = (name: string, shown = snapshot, thresholds = {}) =>
    laneFigures(lane(name), shown, thresholds, { percent: 99, targetMs: 500 });
  const value = (metric: string, of: number | null) => ({
    ...snapshot,
    values: [{ metric, instance: null, unit: "", value: of }],
  });

  it("say how far from their target they are", () => {
    const slow = of("Redis", value("redis-latency", 250))[0]!;
    expect(slow).toMatchObject({ value: "250 ms", target: "below 100 ms", tone: "warning" });
    expect(of("Redis", value("redis-latency", 600))[0]!.tone).toBe("critical");
    expect(of("Redis", value("redis-latency", 5))[0]!.tone).toBeUndefined();
    const busy = of("Queue", value("worker-utilization", 96), {
      WorkerUtilizationWarningPercent: 80,
      WorkerUtilizationCriticalPercent: 95,
    });
    expect(busy.find((figure) => figure.label === "Workers busy")).toMatchObject({ tone: "critical" });
  });

  it("warn when too few webhooks are in time, and do not when there were none", () => {
    const within = (shown: LiveSnapshot) => of("Webhooks", shown).find((figure) => figure.label === "Within 500 ms")!;
    expect(within(value("webhook-within-target", 98))).toMatchObject({ target: "at least 99.0 %", tone: "warning" });
    const { realTime } = snapshot.overview!;
    const none = withOverview({
      realTime: { ...realTime, webhooks: { ...realTime.webhooks, count: 0, within500MsPercent: 0 } },
    });
    expect(within(none)).toMatchObject({ value: "–" });
    expect(within(none).tone).toBeUndefined();
  });

  it("tell an open circuit from one that probes", () => {
    const circuit = { ...snapshot.overview!.circuitBreakers[0]!, state: "Open" as const };
    const circuits = (state: "Open" | "HalfOpen") =>
      of("Redis", withOverview({ circuitBreakers: [{ ...circuit, state }] })).at(-1)!;
    expect(circuits("Open")).toMatchObject({ value: "0 of 1", tone: "critical" });
    expect(circuits("HalfOpen")).toMatchObject({ tone: "warning" });
  });
});

describe("The page", () => {
  it("shows the recorded figures with units", () => {
    const { container } = show(snapshot);
    expect(container.textContent).not.toMatch(nonsense);
    expect(screen.getAllByRole("heading", { level: 2 }).map((heading) => heading.textContent)).toEqual(
      expect.arrayContaining(["Webhooks", "Redis", "Queue", "System", "Circuits"]),
    );
    const redis = screen.getByRole("region", { name: "Redis" });
    expect(within(redis).getByText("1 of 1")).toBeTruthy();
    expect(container.querySelectorAll("article[data-alert]")).toHaveLength(snapshot.overview!.activeAlerts.length);
    const changes = screen.getByRole("list", { name: "Changes, newest first" });
    expect(within(changes).getAllByRole("listitem")).toHaveLength(snapshot.overview!.changes.length);
  });

  it("says what to do where there is nothing", () => {
    const { container } = show(withOverview({ activeAlerts: [], circuitBreakers: [], changes: [], lanes: [] }, "Idle"));
    expect(container.textContent).toContain("No alert is active.");
    expect(container.textContent).toContain("AddRedis");
    expect(container.textContent).toContain("Nothing changed.");
    expect(container.textContent).not.toMatch(nonsense);
  });

  it("keeps the room of the lanes until the first snapshot is there", () => {
    show(snapshotOf("Overview"));
    expect(screen.getAllByRole("region")).toHaveLength(4);
  });

  it("keeps what comes from outside text", () => {
    const hostile = "<img src=x onerror=alert(1)>\u202Eevil" + "x".repeat(10_000);
    const { overview } = snapshot;
    const { container } = show({
      ...withOverview({
        activeAlerts: [{ ...overview!.activeAlerts[0]!, message: hostile, key: hostile, acknowledgedBy: hostile }],
        changes: [{ ...overview!.changes[0]!, text: hostile, subject: hostile, alertKey: "javascript:alert(1)" }],
        circuitBreakers: [{ ...overview!.circuitBreakers[0]!, name: hostile }],
        lanes: [{ ...lane("Redis"), reason: hostile }],
      }),
      reason: hostile,
    });
    expect(container.querySelector("img")).toBeNull();
    expect(container.textContent!.split("<img src=x").length - 1).toBeGreaterThanOrEqual(6);
    for (const link of container.querySelectorAll("a")) expect(link.getAttribute("href")).toMatch(/^#\//);
  });
});

it("reads the objective of webhooks from the settings", () => {
  expect(readObjective({ settings: { Webhooks: { ObjectivePercent: 99.5, ObjectiveTarget: "00:00:00.25" } } })).toEqual(
    { percent: 99.5, targetMs: 250 },
  );
  expect(readObjective(null)).toEqual({ percent: null, targetMs: 500 });
});
