import { cleanup } from "@testing-library/preact";
import { afterEach, describe, expect, it, vi } from "vitest";
import { levelsOf, readThresholds, timeSpan } from "../src/data/thresholds";
import { SystemPage } from "../src/pages/SystemPage";
import { findings } from "../src/pages/system/findings";
import { FakeSource } from "./fakes";
import FakeUplot from "./fakeUplot";
import config from "./fixtures/config.json";
import history from "./fixtures/history.json";
import fixture from "./fixtures/system.json";
import { bad, draw, emptied, expectClean, expectText, hostile, recorded, rightToLeft } from "./pages";

vi.mock("uplot", () => import("./fakeUplot"));
afterEach(cleanup);

describe("Thresholds", () => {
  const thresholds = readThresholds(config);
  it.each([
    ["00:00:01", 1000],
    ["00:00:00.1000000", 100],
    ["1.02:03:04", 93_784_000],
    ["soon", null],
  ])("a time span of %s is %s ms", (text, expected) => expect(timeSpan(text)).toBe(expected));
  it("are lines of a chart", () =>
    expect(levelsOf(thresholds, "Cpu", "Percent")).toEqual([
      { label: "warning", value: 80, tone: "warning" },
      { label: "critical", value: 95, tone: "critical" },
    ]));
  it("of durations are in milliseconds", () =>
    expect(levelsOf(thresholds, "RequestLatency").map((level) => level.value)).toEqual([1000, 3000]));
  it("that are not set are no lines", () => expect(levelsOf(thresholds, "TaskProcessingTime")).toHaveLength(1));
  it("of a service that does not tell are none", () =>
    expect(levelsOf(readThresholds(null), "Cpu", "Percent")).toEqual([]));
});

describe("The sentence", () => {
  const system = emptied(recorded(fixture).system!);
  const thresholds = readThresholds(config);
  it("says that nothing is short", () =>
    expect(findings(system, thresholds)).toEqual([
      { tone: "good", text: "Nothing of the machine, the process or the runtime is short." },
    ]));
  it("says what is short", () => {
    const short = {
      ...system,
      cpu: { ...system.cpu, usagePercent: 96, throttledPercent: 12 },
      memory: { ...system.memory, usagePercent: 86 },
      threadPool: { ...system.threadPool, isStarving: true, queueDelayMs: 700 },
      disks: [{ name: "/", format: "ext4", totalBytes: 100, usedBytes: 95, availableBytes: 5, usedPercent: 95 }],
    };
    const found = findings(short, thresholds);
    expect(found.map((finding) => finding.tone)).toEqual(["critical", "warning", "warning", "critical", "critical"]);
    const said = found.map((finding) => finding.text).join(" ");
    for (const part of [
      "processor is at 96.0 %",
      "12.0 % of the periods",
      "Memory is at 86.0 %",
      "waits 700 ms",
      "5 B left",
    ])
      expect(said).toContain(part);
  });
  it("does not judge without thresholds", () =>
    expect(findings({ ...system, cpu: { ...system.cpu, usagePercent: 99 } }, {})).toEqual([
      {
        tone: "neutral",
        text: "The processor is at 99.0 %, memory at 0.0 %. What is too much is not known here.",
      },
    ]));
});

describe("The page of the system", () => {
  const page = async (snapshot = recorded(fixture)) => {
    const source = new FakeSource(snapshot);
    source.summary = history;
    source.answers = { config };
    return draw(SystemPage, source);
  };
  it("shows what was recorded", async () => {
    FakeUplot.made.length = 0;
    const container = await page();
    expectClean(container);
    expect([...container.querySelectorAll("h2")].map((title) => title.textContent)).toEqual([
      "Over time",
      "Processor",
      "Memory",
      "Thread pool",
      "Garbage collector",
      "Process",
      "Network",
      "Disks",
    ]);
    expect(FakeUplot.made.map((chart) => chart.options.series[1]!.label)).toEqual([
      "processor",
      "memory",
      "queue delay",
      "pause",
    ]);
    expect(container.textContent).not.toContain("not known here");
  });
  it("says what is not known, and why, instead of 0", async () => {
    const snapshot = recorded(fixture);
    const system = snapshot.system!;
    snapshot.system = {
      ...system,
      load: null,
      diskIo: null,
      network: null,
      processCount: null,
      disks: [],
      cpu: { ...system.cpu, machinePercent: null, processPercent: null, usagePercent: null },
      memory: { ...system.memory, machineUsedBytes: null, machineTotalBytes: null },
      process: {
        ...system.process,
        startedAt: null,
        threads: null,
        handles: null,
        handleLimit: null,
        handlesPercent: null,
      },
      gc: { ...system.gc, heapBytes: 0 },
    };
    const container = await page(snapshot);
    expectClean(container);
    const unknown = [...container.querySelectorAll(".unknown")].map(
      (one) => one.closest("div")!.querySelector("dt")!.textContent,
    );
    expect(unknown).toEqual([
      "This process",
      "The machine",
      "Load over 1, 5, 15 min",
      "The machine",
      "Heap",
      "Fragmentation",
      "Threads",
      "Handles",
      "Processes it can see",
      "Received",
      "Sent",
      "Disk traffic",
    ]);
    expect(container.textContent).toContain("this platform has no load average");
  });
  it("shows a container's limits and that it is throttled", async () => {
    const snapshot = recorded(fixture);
    const { cpu, memory } = snapshot.system!;
    Object.assign(cpu, { isLimited: true, allowedProcessors: 0.5, containerPercent: 88, throttledPercent: 31 });
    Object.assign(memory, { containerLimitBytes: 2 ** 29, containerUsedBytes: 2 ** 28 });
    const container = await page(snapshot);
    expect(container.textContent).toContain("100 % are the 0.5 processors that the container may use.");
    expect(container.textContent).toContain("31.0 %");
    expect(container.textContent).toContain("the limit is too low");
    expect(container.textContent).toContain("100 % are the 512 MiB that the container may use.");
  });
  it("says that the pool starves, and what to look for", async () => {
    const snapshot = recorded(fixture);
    Object.assign(snapshot.system!.threadPool, { isStarving: true, queueDelayMs: 800 });
    const container = await page(snapshot);
    expect(container.textContent).toContain("It starves: work waits 800 ms for a thread.");
    expect(container.textContent).toContain("Starving");
  });
  it("says what to do where no sample was taken", async () => {
    const snapshot = recorded(fixture);
    const container = await page({ ...snapshot, system: { ...emptied(snapshot.system!), sampledAt: null } });
    expectClean(container);
    expect(container.textContent).toContain("Monitoring:System:Enabled");
  });
  it.each([
    ["markup", bad],
    ["right to left", rightToLeft],
    ["10 KB", "x".repeat(10_240)],
  ])("a name of %s stays text", async (_, text) => {
    const container = await page(hostile(recorded(fixture), text));
    expect(container.textContent).toContain(text.slice(0, 300));
    expectText(container);
    expectClean(container);
  });
});
