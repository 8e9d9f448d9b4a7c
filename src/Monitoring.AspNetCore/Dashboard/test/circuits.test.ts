import { describe, expect, it } from "vitest";
import { openings, refused, segments, type Circuit, type CircuitState } from "../src/pages/redis/circuits";

const minute = 60_000;
const at = (ms: number) => new Date(ms).toISOString();

function circuit(state: CircuitState, changes: readonly [ms: number, from: CircuitState, to: CircuitState][]): Circuit {
  return {
    name: "redis",
    state,
    timeInStateMs: 0,
    retryAfterMs: 0,
    trips: 0,
    rejections: 0,
    probes: 0,
    failedProbes: 0,
    lastError: null,
    lastErrorAt: null,
    lastTransitions: changes.map(([ms, from, to]) => ({ at: at(ms), from, to, reason: "" })).reverse(),
  };
}

describe("The states of a circuit over the window", () => {
  it("are one where nothing changed", () =>
    expect(segments(circuit("Closed", []), 0, minute)).toEqual([{ state: "Closed", from: 0, to: minute }]));

  it("begin with what the oldest change left", () => {
    const parts = segments(
      circuit("Closed", [
        [10_000, "Closed", "Open"],
        [15_000, "Open", "HalfOpen"],
        [16_000, "HalfOpen", "Closed"],
      ]),
      0,
      minute,
    );
    expect(parts).toEqual([
      { state: "Closed", from: 0, to: 10_000 },
      { state: "Open", from: 10_000, to: 15_000 },
      { state: "HalfOpen", from: 15_000, to: 16_000 },
      { state: "Closed", from: 16_000, to: minute },
    ]);
    expect(refused(parts)).toBe(5000);
  });

  it("leave out what was before the window", () => {
    const parts = segments(circuit("Open", [[10_000, "Closed", "Open"]]), 30_000, minute);
    expect(parts).toEqual([{ state: "Open", from: 30_000, to: minute }]);
  });

  it("come from the history before the oldest change that is kept", () => {
    const changes = Array.from({ length: 32 }, (_, place): [number, CircuitState, CircuitState] => [
      30_000 + place * 500,
      place % 2 === 0 ? "HalfOpen" : "Open",
      place % 2 === 0 ? "Open" : "HalfOpen",
    ]);
    const values = Array.from({ length: 60 }, (_, second) => (second < 10 ? 0 : second < 30 ? 2 : null));
    const history = {
      startAt: at(0),
      stepMs: 1000,
      count: 60,
      oldestAt: null,
      series: [{ metric: "circuit-state", instance: "redis", unit: "", average: values, maximum: values }],
    };
    const parts = segments(circuit("HalfOpen", changes), 0, minute, history);
    expect(parts.slice(0, 2)).toEqual([
      { state: "Closed", from: 0, to: 10_000 },
      { state: "Open", from: 10_000, to: 30_500 },
    ]);
    expect(parts.at(-1)).toEqual({ state: "HalfOpen", from: 45_500, to: minute });
    // Without it nothing is made up.
    expect(segments(circuit("HalfOpen", changes), 0, minute)[0]!.from).toBe(30_000);
  });
});

it("A probe between two breaks does not end the trouble", () => {
  const marks = openings(
    circuit("Open", [
      [1000, "Closed", "Open"],
      [6000, "Open", "HalfOpen"],
      [6100, "HalfOpen", "Open"],
      [11_000, "Open", "HalfOpen"],
      [11_100, "HalfOpen", "Closed"],
      [20_000, "Closed", "Isolated"],
    ]),
  );
  expect(marks.map(({ from, to }) => [from, to])).toEqual([
    [1000, 11_100],
    [20_000, undefined],
  ]);
});
