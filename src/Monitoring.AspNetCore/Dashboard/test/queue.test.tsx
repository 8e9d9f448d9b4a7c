import { act, fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { LiveSnapshot, Schemas } from "../src/data/types";
import { QueuePage } from "../src/pages/QueuePage";
import { findings, outlook } from "../src/pages/queue/findings";
import well from "./fixtures/queue-well.json";
import { FakeReport, FakeSource, snapshotOf } from "./fakes";
import { expectNoLeaks, hostile, show } from "./show";

vi.mock("uplot", () => ({
  default: class {
    setData() {}
    setSize() {}
    redraw() {}
    destroy() {}
  },
}));

afterEach(() => document.body.replaceChildren());

const letters = "tasks/dead-letters?count=100";
const recorded = () => structuredClone(well) as unknown as LiveSnapshot;
const panel = (name: string) => screen.getByRole("region", { name });

function letter(id: string, more: Partial<Schemas["DeadLetter"]> = {}): Schemas["DeadLetter"] {
  return {
    id,
    typeName: "SendMail",
    priority: "High",
    at: "2026-11-22T00:19:00Z",
    reason: "AttemptsExhausted",
    attempts: 3,
    exceptionType: "System.TimeoutException",
    message: "The mail server did not answer.",
    ...more,
  };
}

function sourceOf(
  snapshot: LiveSnapshot,
  queues: Schemas["QueueDeadLetters"][] = [],
  role: "Admin" | "Reader" = "Admin",
) {
  const source = new FakeSource(snapshot, role);
  source.answers[letters] = { queues };
  return source;
}

/** The queue backs up, another one is BullMQ's. */
function crowded(): LiveSnapshot {
  const snapshot = recorded();
  const all = snapshot.queue!;
  const own = all.queues[0]!;
  const backpressure: Schemas["BackpressureStatus"] = {
    ...own.backpressure,
    isDetected: true,
    level: "Severe",
    since: "2026-11-22T00:18:00Z",
    signals: ["Arrivals", "Depth"],
    reasons: [
      "Arrivals 120/s, completions 80/s: full in 14 s; 12 workers would keep up.",
      "860 of 1,000 places are taken.",
    ],
    arrivalRatePerSecond: 120,
    completionRatePerSecond: 80,
    estimatedTimeToFullMs: 14_000,
    estimatedDrainTimeMs: null,
    requiredWorkers: 12,
  };
  Object.assign(own, {
    currentDepth: 860,
    backpressure,
    depthByPriority: { ...own.depthByPriority, high: 60, normal: 800, total: 860 },
  });
  all.queues.push({
    ...own,
    name: "mail",
    system: "bullmq",
    isPaused: true,
    backpressure: { ...well.queue.backpressure, level: "None" } as Schemas["BackpressureStatus"],
    deadLetters: 4,
    capacity: 0,
  });
  Object.assign(all, { currentDepth: 1720, backpressure, depthByPriority: own.depthByPriority });
  return snapshot;
}

describe("A queue that keeps up", () => {
  it("says so", async () => {
    const { container } = show(QueuePage, sourceOf(recorded()));
    expect(container.querySelector(".findings")!.textContent).toContain("No backpressure: 0 tasks wait");
    expect(await screen.findByText("No task has been given up.")).toBeTruthy();
    expect(panel("Queues of other systems").textContent).toContain("AddRedisQueueProbe");
    expectNoLeaks(container.textContent);
  });

  it("opens a type into its last failures", () => {
    show(QueuePage, sourceOf(recorded()));
    const types = panel("Types of tasks");
    fireEvent.click(within(types).getByRole("button", { name: /WebhookEvent/ }));
    const [failure] = well.queue.types[0]!.recentFailures;
    expect(types.textContent).toContain(failure!.exceptionType);
    expect(types.textContent).toContain(failure!.message.slice(0, 100));
  });
});

describe("A queue that backs up", () => {
  it("says how bad it is, why, since when and where it is heading", () => {
    const { container } = show(QueuePage, sourceOf(crowded()));
    const pressure = panel("Backpressure");
    expect(pressure.querySelector(".findings li")!.className).toBe("critical");
    expect(pressure.textContent).toContain(
      "tasks: Arrivals 120/s, completions 80/s: full in 14 s; 12 workers would keep up.",
    );
    expect(pressure.textContent).toContain("full in 14.0 s");
    expect(pressure.textContent).toContain("the queue is nearly full");
    expectNoLeaks(container.textContent);
  });

  it("stands apart from those of other systems", () => {
    show(QueuePage, sourceOf(crowded()));
    expect(panel("Queues").textContent).not.toContain("bullmq");
    const foreign = panel("Queues of other systems");
    expect(foreign.textContent).toContain("bullmq");
    fireEvent.click(within(foreign).getByRole("button", { name: /mail/ }));
    expect(foreign.textContent).toContain("not bounded");
    // Nobody can pause what only is watched.
    expect(within(foreign).queryByRole("button", { name: "Resume" })).toBeNull();
  });
});

describe("What an administrator does", () => {
  it("pauses a queue by its name", async () => {
    const source = sourceOf(recorded());
    show(QueuePage, source);
    const queues = panel("Queues");
    fireEvent.click(within(queues).getByRole("button", { name: "Pause" }));
    fireEvent.submit(queues.querySelector("dialog form")!);
    await waitFor(() =>
      expect(source.sent).toEqual([{ method: "POST", path: "tasks/pause", body: { queue: "tasks" } }]),
    );
  });

  it("resumes one that is paused", async () => {
    const snapshot = recorded();
    snapshot.queue!.queues[0]!.isPaused = true;
    const source = sourceOf(snapshot);
    const { container } = show(QueuePage, source);
    expect(container.querySelector(".findings")!.textContent).toContain("The queue is paused");
    const queues = panel("Queues");
    fireEvent.click(within(queues).getByRole("button", { name: "Resume" }));
    fireEvent.submit(queues.querySelector("dialog form")!);
    await waitFor(() => expect(source.sent[0]?.path).toBe("tasks/resume"));
  });

  it("re-drives one dead letter, and the list is asked for again", async () => {
    const source = sourceOf(recorded(), [{ name: "tasks", deadLetters: [letter("a"), letter("b")] }]);
    show(QueuePage, source);
    const dead = panel("Dead letters");
    const buttons = await within(dead).findAllByRole("button", { name: "Re-drive" });
    fireEvent.click(buttons[0]!);
    fireEvent.submit(dead.querySelector("td dialog form")!);
    await waitFor(() =>
      expect(source.sent[0]).toEqual({ method: "POST", path: "tasks/redrive", body: { queue: "tasks", id: "a" } }),
    );
    await waitFor(() => expect(source.asked.filter((path) => path === letters).length).toBe(2));
  });

  it("is offered to nobody else", async () => {
    const source = sourceOf(recorded(), [{ name: "tasks", deadLetters: [letter("a")] }], "Reader");
    const { container } = show(QueuePage, source);
    await waitFor(() => expect(panel("Dead letters").textContent).toContain("The mail server did not answer."));
    expect(container.querySelector("dialog")).toBeNull();
    for (const name of ["Pause", "Resume", "Re-drive", "Re-drive all"])
      expect(screen.queryByRole("button", { name })).toBeNull();
  });
});

it("Dead letters are asked for again when their number changes, not with every snapshot", async () => {
  const source = sourceOf(recorded());
  show(QueuePage, source);
  await waitFor(() => expect(source.asked).toContain(letters));
  act(() => source.show({ snapshot: recorded() }));
  expect(source.asked.filter((path) => path === letters)).toHaveLength(1);
  const more = recorded();
  more.queue!.deadLetters = 1;
  act(() => source.show({ snapshot: more }));
  await waitFor(() => expect(source.asked.filter((path) => path === letters)).toHaveLength(2));
});

it("A service without a queue is told how to add one", async () => {
  const snapshot = recorded();
  Object.assign(snapshot.queue!, { queues: [], priorities: [], types: [], workers: 0, capacity: 0 });
  const { container } = show(QueuePage, sourceOf(snapshot));
  expect(panel("Queues").textContent).toContain("AddTaskQueue()");
  expect(panel("Priorities").textContent).toContain("No queue is watched.");
  await screen.findByText("No task has been given up.");
  expectNoLeaks(container.textContent);
});

it("A report says that it holds no dead letters, and has nothing to press", async () => {
  show(QueuePage, new FakeReport(recorded()));
  expect(await within(panel("Dead letters")).findByText("The report does not hold them.")).toBeTruthy();
  expect(screen.queryByRole("button", { name: /Pause|Resume|Refresh|Re-drive/ })).toBeNull();
});

it("The page waits for the first snapshot", () => {
  show(QueuePage, new FakeSource(snapshotOf("Queue")));
  expect(screen.getByRole("status").textContent).toContain("Waiting for the first figures");
});

it("Names from outside stay text", async () => {
  const snapshot = crowded();
  const all = snapshot.queue!;
  for (const text of Object.values(hostile)) {
    const own = all.queues[0]!;
    const failure = {
      at: snapshot.at,
      taskId: text,
      attempt: 1,
      timedOut: true,
      exceptionType: text,
      message: text,
      stackTrace: text,
    };
    all.types.push({ ...all.types[0]!, name: text, recentFailures: [failure] });
    all.queues.push({ ...own, name: text, backpressure: { ...own.backpressure, reasons: [text] } });
    all.queues.push({ ...own, name: text, system: text });
  }
  const source = sourceOf(snapshot, [
    {
      name: hostile.tag,
      deadLetters: Object.values(hostile).map((text) =>
        letter(text, { typeName: text, message: text, exceptionType: text }),
      ),
    },
  ]);
  const { container } = show(QueuePage, source);
  await waitFor(() => expect(panel("Dead letters").textContent).toContain(hostile.tag));
  act(() => container.querySelectorAll<HTMLButtonElement>("button.open").forEach((button) => button.click()));
  expect(container.querySelector("img")).toBeNull();
  expect(
    [...container.querySelectorAll("bdi")].filter((element) => element.textContent === hostile.rtl).length,
  ).toBeGreaterThan(3);
  expectNoLeaks(container.textContent);
});

describe("Where a queue is heading", () => {
  const queue = (depth: number, full: number | null, drain: number | null, isDetected: boolean) => {
    const { queue: all } = recorded();
    return {
      ...all!,
      currentDepth: depth,
      backpressure: { ...all!.backpressure, estimatedTimeToFullMs: full, estimatedDrainTimeMs: drain, isDetected },
    };
  };
  it.each([
    [5, 14_000, null, true, "full in 14.0 s"],
    [5, 14_000, null, false, "full in 14.0 s"],
    [5, 10_000_000, null, true, "full in 2.8 h"],
    [5, 10_000_000, null, false, "steady"],
    [5, null, 2000, false, "empty in 2.00 s"],
    [5, null, null, true, "does not drain"],
    [0, 10_000_000, 0, false, "empty"],
  ])("%s waiting, full in %s, empty in %s, backpressure %s: %s", (depth, full, drain, isDetected, text) =>
    expect(outlook(queue(depth, full, drain, isDetected))).toBe(text),
  );
  it("is told of each queue that is in trouble, the severe first", () => {
    const { queue: all } = crowded();
    all!.queues.unshift({ ...all!.queues[1]!, name: "slow", stuckTasks: 2 });
    expect(findings(all!).map((finding) => finding.tone)[0]).toBe("critical");
    expect(
      findings(all!)
        .map((finding) => finding.text)
        .join(),
    ).toContain("slow: 2 tasks go on");
  });
});
