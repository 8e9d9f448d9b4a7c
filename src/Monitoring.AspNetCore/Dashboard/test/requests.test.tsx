import { cleanup, render } from "@testing-library/preact";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Schemas } from "../src/data/types";
import { RequestsPage } from "../src/pages/RequestsPage";
import { Findings } from "../src/components/Findings";
import { readThresholds } from "../src/data/thresholds";
import { findings } from "../src/pages/requests/findings";
import { spentOn } from "../src/pages/requests/SlowRequests";
import { stretches } from "../src/pages/requests/strip";
import { FakeSource } from "./fakes";
import config from "./fixtures/config.json";
import history from "./fixtures/history.json";
import fixture from "./fixtures/requests.json";
import { bad, draw, emptied, expectClean, expectText, hostile, openRows, recorded, rightToLeft } from "./pages";

vi.mock("uplot", () => import("./fakeUplot"));
afterEach(cleanup);

const at = (second: number) => new Date(Date.UTC(2026, 10, 22, 12, 0, second)).toISOString();
const ms = (second: number) => Date.parse(at(second));

describe("The strip of a status", () => {
  const change = (second: number, from: string, to: string) =>
    ({ at: at(second), from, to, reason: null }) as Schemas["ServiceTransition"];
  const strip = (changes: Schemas["ServiceTransition"][], from: number, to: number) =>
    stretches(changes, "Healthy", ms(from), ms(to)).map((one) => [one.status, one.from - ms(0), one.to - ms(0)]);
  it("is one stretch where nothing changed", () => expect(strip([], 0, 60)).toEqual([["Healthy", 0, 60_000]]));
  it("shows what it was between changes, newest first as they come", () =>
    expect(strip([change(40, "Critical", "Healthy"), change(20, "Healthy", "Critical")], 0, 60)).toEqual([
      ["Healthy", 0, 20_000],
      ["Critical", 20_000, 40_000],
      ["Healthy", 40_000, 60_000],
    ]));
  it("begins with what it was before the window", () =>
    expect(strip([change(40, "Critical", "Healthy"), change(20, "Healthy", "Critical")], 30, 60)).toEqual([
      ["Critical", 30_000, 40_000],
      ["Healthy", 40_000, 60_000],
    ]));
  it("leaves out a change that is after the window", () =>
    expect(strip([change(70, "Critical", "Healthy")], 0, 60)).toEqual([["Critical", 0, 60_000]]));
});

describe("What a slow request spent its time on", () => {
  const slow = (durationMs: number, redisTimeMs: number, queryTimeMs: number) =>
    spentOn({ durationMs, redisTimeMs, queryTimeMs } as Parameters<typeof spentOn>[0]).map((share) => share.percent);
  it("is shares of it", () => expect(slow(1000, 250, 500)).toEqual([25, 50, 25]));
  it("is shares of the sum where commands ran side by side", () => expect(slow(100, 300, 100)).toEqual([75, 25, 0]));
  it("is no division by zero", () => expect(slow(0, 0, 0)).toEqual([0, 0, 100]));
});

describe("The sentence", () => {
  const requests = recorded(fixture).requests!;
  const { services } = requests;
  const service = services.services[0]!;
  const some = (...states: Schemas["ServiceStatus"][]): Schemas["ServiceSummary"] => ({
    ...services,
    status: states.includes("Critical") ? "Critical" : "Healthy",
    count: states.length,
    healthy: states.filter((state) => state === "Healthy").length,
    warning: states.filter((state) => state === "Warning").length,
    critical: states.filter((state) => state === "Critical").length,
    unknown: states.filter((state) => state === "Unknown").length,
    services: states.map((status, place) => ({ ...service, name: `s${place}`, status })),
  });
  const thresholds = readThresholds(config);
  const good = { ...emptied(requests.summary), count: 200, successes: 200, successRatePercent: 100 };
  const said = (states: Schemas["ServiceStatus"][], more: object = {}) =>
    findings({ ...good, ...more }, some(...states), thresholds);
  it("says how many failed, as the alert would", () => {
    expect(said([], { failures: 30 })).toEqual([{ tone: "critical", text: "30 of 200 requests failed (15.0 %)." }]);
    expect(said([], { failures: 12 })[0]!.tone).toBe("warning");
    expect(said([], { failures: 1 })[0]!.tone).toBe("good");
  });
  it("does not call failures well where no threshold is known", () =>
    expect(findings({ ...good, failures: 30 }, some(), {})[0]!.tone).toBe("neutral"));
  it("says that they are slow", () =>
    expect(said([], { p95Ms: 1500 })[1]).toEqual({
      tone: "warning",
      text: "One in twenty requests takes longer than 1.50 s.",
    }));
  it("names what is down, and how many more", () => {
    const [, first] = said(["Critical", "Healthy", "Critical", "Critical", "Critical"]);
    expect(first!.text).toMatch(/^4 of 5 services down: s0 since .+, s2 since .+, s3 since .+ and 1 more\.$/);
  });
  it("is not critical where only an optional service is down", () => {
    const optional = { ...some("Critical"), status: "Warning" as const };
    expect(findings(good, optional, thresholds)[1]!.tone).toBe("warning");
  });
  it("names what has trouble", () =>
    expect(said(["Warning", "Healthy"])[1]!.text).toMatch(/^1 of 2 services with trouble: s0 since/));
  it("says that all answer", () => expect(said(["Healthy", "Healthy"])[1]!.text).toBe("All 2 services answer."));
  it("does not say that all answer where some were not asked", () =>
    expect(said(["Healthy", "Unknown"])[1]!.text).toContain("have not been asked yet"));
  it("does not say that any answers where none was asked", () =>
    expect(said(["Unknown"])[1]!.text).toBe("No service has been asked yet."));
});

describe("Findings", () => {
  it("stand with the worst first, each said with a word for its colour", () => {
    const { container } = render(
      <Findings
        findings={[
          { tone: "good", text: "a" },
          { tone: "critical", text: "b" },
          { tone: "warning", text: "c" },
        ]}
      />,
    );
    const said = [...container.querySelectorAll("li")].map((item) => item.textContent);
    expect(said).toEqual(["✖Critical:  b", "▲Warning:  c", "✓Well:  a"]);
  });
});

describe("The page of requests and services", () => {
  const page = async (snapshot = recorded(fixture)) => {
    const source = new FakeSource(snapshot);
    source.summary = history;
    source.answers = { config };
    return draw(RequestsPage, source);
  };
  it("shows what was recorded", async () => {
    const container = await page();
    expectClean(container);
    const titles = [...container.querySelectorAll("h2")].map((title) => title.textContent);
    expect(titles).toEqual([
      "Requests",
      "Endpoints",
      "Slow requests",
      "Top users",
      "Top tenants",
      "Services",
      "Database queries",
      "Caches",
    ]);
    expect(container.textContent).toContain("POST /webhooks/github");
    expect(await openRows(container, () => expectClean(container))).toBeGreaterThan(4);
  });
  it("shows queries, users and recoveries where there are any", async () => {
    const snapshot = recorded(fixture);
    snapshot.requests!.queries = {
      ...snapshot.requests!.queries,
      count: 40,
      slow: 3,
      statements: [
        {
          fingerprint: "00112233aabbccdd",
          text: "SELECT * FROM orders WHERE id = ?",
          system: "postgresql",
          database: null,
          count: 40,
          failures: 1,
          slow: 3,
          totalTimeMs: 900,
          averageMs: 22.5,
          p95Ms: 120,
          worstMs: 300,
          lastMs: 20,
          lastAt: at(0),
          rows: null,
          endpoints: [{ endpoint: "GET /orders/{id}", count: 40, totalTimeMs: 900 }],
        },
      ],
      repeated: [
        {
          fingerprint: "f",
          text: "SELECT ?",
          endpoint: "GET /n",
          times: 31,
          totalTimeMs: 62,
          traceId: null,
          at: at(1),
        },
      ],
    };
    snapshot.requests!.summary.topUsers = [
      { id: "8f2a6c0d1e3b5f70", count: 12, failures: 1, timeMs: 340, errorPercent: 3 },
    ];
    const service = snapshot.requests!.services.services[0]!;
    service.status = "Critical";
    service.lastError = "It is closed.";
    service.lastErrorAt = at(2);
    service.recoveries = [{ at: at(3), attempt: 2, outcome: "TimedOut", durationMs: 30_000, error: "too late" }];
    const container = await page(snapshot);
    expectClean(container);
    expect(container.textContent).toContain("SELECT * FROM orders WHERE id = ?");
    expect(container.textContent).toContain("≤ 12");
    let opened = "";
    await openRows(container, () => {
      for (const details of container.querySelectorAll(".details")) opened += details.textContent;
    });
    expect(opened).toContain("attempt 2: Timed out after 30.0 s: too late");
    expect(opened).toContain("It is closed.");
    expect(opened).toContain("GET /orders/{id}: 40 times");
  });
  it("says what to do where there is nothing", async () => {
    const snapshot = recorded(fixture);
    const container = await page({ ...snapshot, requests: emptied(snapshot.requests) });
    expectClean(container);
    for (const said of ["UseRequestMonitoring", "AddServiceProbe", "docs/caches.md", "No query was seen"])
      expect(container.textContent).toContain(said);
  });
  it("says that queries are not listened to", async () => {
    const snapshot = recorded(fixture);
    snapshot.requests!.queries = { ...emptied(snapshot.requests!.queries), enabled: false };
    expect((await page(snapshot)).textContent).toContain("Queries are not listened to.");
  });
  it.each([
    ["markup", bad],
    ["right to left", rightToLeft],
    ["10 KB", "x".repeat(10_240)],
  ])("a name of %s stays text", async (_, text) => {
    const container = await page(hostile(recorded(fixture), text));
    expect(container.textContent).toContain(text.slice(0, 300));
    const opened = await openRows(container, () => {
      expectText(container);
      expectClean(container);
    });
    expect(opened).toBeGreaterThan(4);
  });
});
