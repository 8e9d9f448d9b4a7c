import { act, fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { afterEach, describe, expect, it, vi } from "vitest";
import { RedisPage } from "../src/pages/RedisPage";
import { failureKinds, findings, mostFrequent } from "../src/pages/redis/findings";
import type { LiveSnapshot } from "../src/data/types";
import { keyed } from "../src/pages/redis/Timeouts";
import after from "./fixtures/redis-after.json";
import outage from "./fixtures/redis-outage.json";
import well from "./fixtures/redis-well.json";
import map from "./fixtures/latency-map.json";
import { FakeReport, FakeSource, snapshotOf } from "./fakes";
import { expectNoLeaks, hostile, show } from "./show";

// The canvas is not there in a test; what a chart says in words is.
vi.mock("uplot", () => ({
  default: class {
    setData() {}
    setSize() {}
    redraw() {}
    destroy() {}
  },
}));

afterEach(() => document.body.replaceChildren());

const recorded = (value: unknown) => structuredClone(value) as LiveSnapshot;

function sourceOf(snapshot: LiveSnapshot, role: "Admin" | "Reader" = "Admin") {
  const source = new FakeSource(snapshot, role);
  source.answers["redis-operations/latency-map?window=5m"] = map;
  return source;
}

const panel = (name: string) => screen.getByRole("region", { name });

function emptyRedis(): LiveSnapshot {
  const snapshot = recorded(well);
  const operations = snapshot.redis!.operations;
  const none = { timeout: 0, connection: 0, server: 0, rejected: 0, canceled: 0, total: 0 };
  const sizes = { count: 0, averageBytes: null, p50Bytes: 0, p95Bytes: 0, p99Bytes: 0, maximumBytes: 0 };
  Object.assign(operations, {
    totalOperations: 0,
    successRatePercent: 0,
    failures: none,
    averageLatencyMs: 0,
    p50Ms: 0,
    p95Ms: 0,
    p99Ms: 0,
    operationsByType: {},
    endPoints: [],
    verdict: { ...operations.verdict, operations: 0, explanation: "" },
    timeouts: [],
    hotKeys: { byCalls: [], byTime: [], byBytes: [] },
    argumentSizes: sizes,
    replySizes: sizes,
    slowOperations: [],
    channels: [],
    circuitBreakers: [],
    connections: [],
    recent: [],
  });
  snapshot.redis!.servers = { servers: [], streamGroups: [] };
  return snapshot;
}

describe("Redis while it is well", () => {
  it("says so first, and shows every command", async () => {
    const { container } = show(RedisPage, sourceOf(recorded(well)));
    await waitFor(() => expect(panel("Latency over time").querySelector("canvas")).not.toBeNull());
    const commands = within(panel("Commands")).getByRole("group", { name: "Commands" });
    for (const name of Object.keys(well.redis.operations.operationsByType))
      expect(within(commands).getByRole("button", { name })).toBeTruthy();
    expectNoLeaks(container.textContent);
  });

  it("opens a command into its failures by kind", () => {
    show(RedisPage, sourceOf(recorded(outage)));
    const commands = within(panel("Commands")).getByRole("group", { name: "Commands" });
    fireEvent.click(within(commands).getByRole("button", { name: /EXISTS/ }));
    const { EXISTS } = outage.redis.operations.operationsByType;
    const details = commands.querySelector("tr.details")!.textContent!;
    expect(details).toContain(`Timed out${EXISTS.failuresByKind.timeout}`);
    expect(details).toContain(`Refused by the circuit${EXISTS.failuresByKind.rejected}`);
    for (const error of Object.keys(EXISTS.errors)) expect(details).toContain(error);
  });
});

describe("Redis in an outage", () => {
  it("says what is broken, and since when, before any figure", () => {
    const { container } = show(RedisPage, sourceOf(recorded(outage)));
    const said = [...container.querySelectorAll(".findings li")].map((item) => item.textContent);
    expect(said[0]).toMatch(/^✖Critical: {2}?Circuit 127\.0\.0\.1:16390 is open since \d\d:\d\d:\d\d/);
    expect(said.join()).toContain("238 were refused by an open circuit");
    expect(said.join()).toContain("92 timed out");
    expectNoLeaks(container.textContent);
  });

  it("explains the timeouts", () => {
    show(RedisPage, sourceOf(recorded(outage)));
    const timeouts = panel("Timeouts");
    expect(timeouts.textContent).toContain("Server busy");
    expect(timeouts.textContent).toContain("nothing came back");
    fireEvent.click(within(timeouts).getAllByRole("button", { expanded: false })[0]!);
    expect(timeouts.textContent).toContain("Commands awaiting a reply");
  });

  it("tells the changes of the circuit when it is over", () => {
    show(RedisPage, sourceOf(recorded(after)));
    const circuits = panel("Circuits");
    expect(circuits.textContent).toContain("the probe succeeded");
    expect(within(circuits).getByRole("img", { name: /^States over time: open from/ })).toBeTruthy();
  });
});

describe("Circuits by hand", () => {
  it("are for administrators only", () => {
    show(RedisPage, sourceOf(recorded(well), "Reader"));
    expect(screen.queryByRole("button", { name: "Isolate" })).toBeNull();
  });

  it("are isolated by their encoded name, with the note", async () => {
    const snapshot = recorded(well);
    snapshot.redis!.operations.circuitBreakers[0]!.name = "a/b c";
    const source = sourceOf(snapshot);
    show(RedisPage, source);
    const circuits = panel("Circuits");
    fireEvent.click(within(circuits).getByRole("button", { name: "Isolate" }));
    const dialog = circuits.querySelector("dialog")!;
    fireEvent.input(dialog.querySelector("textarea")!, { target: { value: "maintenance" } });
    fireEvent.submit(dialog.querySelector("form")!);
    await waitFor(() => expect(source.sent).toHaveLength(1));
    expect(source.sent[0]).toEqual({
      method: "POST",
      path: "circuit-breakers/a%2Fb%20c/isolate",
      body: { note: "maintenance" },
    });
  });

  it("say in the dialog what was refused", async () => {
    const source = sourceOf(recorded(well));
    source.failWith = new Error("No circuit has this name.");
    show(RedisPage, source);
    const circuits = panel("Circuits");
    fireEvent.click(within(circuits).getByRole("button", { name: "Close" }));
    fireEvent.submit(circuits.querySelectorAll("dialog")[1]!.querySelector("form")!);
    expect(await within(circuits).findByText("No circuit has this name.")).toBeTruthy();
  });
});

describe("Redis that was never used", () => {
  it("says what to do", () => {
    const { container } = show(RedisPage, sourceOf(emptyRedis()));
    expect(panel("Commands").textContent).toContain("AddRedis");
    expect(panel("Circuits").textContent).toContain("There is no circuit.");
    expect(container.querySelector(".findings")!.textContent).toContain("No operation within the last");
    expectNoLeaks(container.textContent);
  });

  it("waits for the first snapshot", () => {
    show(RedisPage, new FakeSource(snapshotOf("Redis")));
    expect(screen.getByRole("status").textContent).toContain("Waiting for the first figures");
  });
});

it("Names from outside stay text", () => {
  const snapshot = recorded(outage);
  const { operations, servers } = snapshot.redis!;
  const statistics = Object.values(operations.operationsByType)[0]!;
  for (const name of Object.values(hostile)) {
    operations.operationsByType[name] = { ...statistics, operation: name, errors: { [name]: 3 } };
    operations.hotKeys.byCalls.push({ pattern: name, calls: 1, timeMs: 1, bytes: 1, errorPercent: 0 });
    operations.slowOperations.push({ ...operations.slowOperations[0]!, fingerprint: name, text: name });
    operations.circuitBreakers.push({ ...operations.circuitBreakers[0]!, name, lastError: name });
    operations.timeouts.push({ ...operations.timeouts[0]!, operation: name, explanation: name, readerState: name });
    operations.recent.push({ ...operations.recent[0]!, operation: name, keyPattern: name, error: name });
    operations.connections.push({ ...operations.connections[0]!, name });
    operations.channels.push({
      channel: name,
      published: 1,
      received: 1,
      handlerExceptions: 1,
      handlerAverageMs: 1,
      handlerP95Ms: 1,
      handlerMaximumMs: 1,
    });
    servers.servers.push({ ...servers.servers[0]!, endPoint: name, version: name, memoryPolicy: name });
  }
  const { container } = show(RedisPage, sourceOf(snapshot));
  act(() => container.querySelectorAll<HTMLButtonElement>("button.open").forEach((button) => button.click()));
  expect(container.querySelector("img")).toBeNull();
  expect(container.textContent).toContain(hostile.tag);
  const rtl = [...container.querySelectorAll("bdi")].filter((element) => element.textContent === hostile.rtl);
  expect(rtl.length).toBeGreaterThan(5);
  expect(container.textContent!.includes(hostile.long)).toBe(false);
  expectNoLeaks(container.textContent);
});

describe("Latency over time", () => {
  it("is asked for every five seconds, and not again for the same moment", async () => {
    const source = sourceOf(recorded(well));
    show(RedisPage, source);
    await waitFor(() => expect(panel("Latency over time").querySelector("canvas")).not.toBeNull());
    act(() => source.show({ snapshot: recorded(well) }));
    const asked = source.asked.filter((path) => path.startsWith("redis-operations/latency-map"));
    expect(asked).toEqual(["redis-operations/latency-map?window=5m"]);
    const later = recorded(well);
    later.at = new Date(Date.parse(later.at) + 5000).toISOString();
    act(() => source.show({ snapshot: later }));
    expect(source.asked.filter((path) => path.startsWith("redis-operations/latency-map"))).toHaveLength(2);
  });

  it("is gone through by the arrow keys, cell by cell", async () => {
    show(RedisPage, sourceOf(recorded(well)));
    const region = panel("Latency over time");
    const group = await within(region).findByRole("group", { name: /arrow keys/ });
    fireEvent.keyDown(group, { key: "ArrowLeft" });
    const last = map.columns.at(-1)!;
    const all = last.reduce((sum, value) => sum + value, 0).toLocaleString("en");
    expect(region.querySelector(".cell")!.textContent).toMatch(
      new RegExp(`^\\d\\d:\\d\\d:\\d\\d to \\d\\d:\\d\\d:\\d\\d, up to 65\\.5 µs: ${last[0]} operations .* of ${all}$`),
    );
    fireEvent.keyDown(group, { key: "ArrowUp" });
    expect(region.querySelector(".cell")!.textContent).toContain(`65.5 µs to 131 µs: ${last[1]} operations`);
  });
});

it("A report shows the same without anything to press", async () => {
  const source = new FakeReport(recorded(outage));
  source.answers["redis-operations/latency-map?window=5m"] = map;
  show(RedisPage, source);
  await waitFor(() => expect(panel("Latency over time").querySelector("canvas")).not.toBeNull());
  expect(screen.queryByRole("button", { name: /Isolate|Close/ })).toBeNull();
});

it("Timeouts of one moment are told apart, and keep their keys when newer ones come", () => {
  const [timeout] = recorded(outage).redis!.operations.timeouts;
  const two = keyed([timeout!, timeout!]).map(({ key }) => key);
  expect(new Set(two).size).toBe(2);
  expect(
    keyed([{ ...timeout!, at: "2026-11-22T01:00:00Z" }, timeout!, timeout!])
      .slice(1)
      .map(({ key }) => key),
  ).toEqual(two);
});

describe("What is found", () => {
  const none = { timeout: 0, connection: 0, server: 0, rejected: 0, canceled: 0, total: 0 };

  it("names kinds of failures, the most frequent first, and leaves out what was given up", () =>
    expect(failureKinds({ ...none, timeout: 2, rejected: 12_000, canceled: 5, total: 12_002 })).toBe(
      "12.0 k were refused by an open circuit, 2 timed out",
    ));
  it("is what is there most often", () => {
    expect(mostFrequent(["a", "b", "b"])).toBe("b");
    expect(mostFrequent([])).toBeNull();
  });
  it("is a command that is slower than the alerts allow, unless it was hardly called", () => {
    const { redis, at } = recorded(well);
    const thresholds = { RedisLatencyWarning: 100, RedisLatencyCritical: 500 };
    const commands = Object.values(redis!.operations.operationsByType);
    for (const command of commands) Object.assign(command, { count: 100, p95Ms: 100 });
    Object.assign(redis!.operations.failures, none);
    expect(findings(redis!, at, thresholds)).toMatchObject([{ tone: "good" }]);
    Object.assign(commands[0]!, { p95Ms: 100.5 });
    Object.assign(commands[1]!, { p95Ms: 900 });
    Object.assign(commands[2]!, { p95Ms: 900, count: 19 });
    expect(findings(redis!, at, thresholds).map(({ tone, text }) => `${tone}: ${text}`)).toEqual([
      `critical: ${commands[1]!.operation} is slow: its 95th percentile over the last 5 min is 900 ms; the critical threshold is 500 ms.`,
      `warning: ${commands[0]!.operation} is slow: its 95th percentile over the last 5 min is 101 ms; the warning threshold is 100 ms.`,
    ]);
  });
  it("puts what is critical first", () => {
    const { redis, at } = recorded(outage);
    redis!.servers.servers[0]!.lastSaveSucceeded = false;
    redis!.operations.connections[0]!.isConnected = false;
    const tones = findings(redis!, at).map((finding) => finding.tone);
    expect(tones).toEqual([...tones].sort());
    expect(tones.filter((tone) => tone === "critical").length).toBeGreaterThanOrEqual(2);
  });
});
