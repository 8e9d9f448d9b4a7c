import type { Mark } from "../../components/Chart";
import type { HistorySeries, HistorySummary, Schemas } from "../../data/types";

export type Circuit = Schemas["CircuitBreakerSummary"];
export type CircuitState = Schemas["CircuitState"];

/** A time in which a circuit was in one state; Unix milliseconds. */
export interface Segment {
  readonly state: CircuitState;
  readonly from: number;
  readonly to: number;
}

const refuses = (state: CircuitState) => state === "Open" || state === "Isolated";

// How many of its transitions a circuit keeps: with fewer, what was before the oldest of them is known to be all there was.
const kept = 32;

/**
 * The states of a circuit from `from` to `to`, oldest first. Its transitions say to the millisecond what was when; before
 * the oldest that is kept, the history does, a step at a time.
 */
export function segments(circuit: Circuit, from: number, to: number, history: HistorySummary | null = null): Segment[] {
  const found: Segment[] = [];
  const add = (state: CircuitState, start: number, end: number) => {
    start = Math.max(start, from);
    end = Math.min(end, to);
    if (end <= start) return;
    const last = found.at(-1);
    if (last?.state === state && start - last.to < 1) found[found.length - 1] = { ...last, to: end };
    else found.push({ state, from: start, to: end });
  };
  const changes = [...circuit.lastTransitions].reverse();
  const oldest = changes[0];
  const known = oldest ? Date.parse(oldest.at) : to;
  if (changes.length < kept) add(oldest ? oldest.from : circuit.state, from, known);
  else before(history, circuit.name).forEach(([state, start, end]) => add(state, start, Math.min(end, known)));
  changes.forEach((change, place) => {
    const next = changes[place + 1];
    add(change.to, Date.parse(change.at), next ? Date.parse(next.at) : to);
  });
  return found;
}

function before(history: HistorySummary | null, name: string): [CircuitState, number, number][] {
  const series: HistorySeries | undefined = history?.series.find(
    (known) => known.metric === "circuit-state" && known.instance === name,
  );
  if (!history || !series) return [];
  const start = Date.parse(history.startAt);
  return series.maximum.flatMap((value, place): [CircuitState, number, number][] =>
    value === null
      ? []
      : [
          [
            value >= 2 ? "Open" : value >= 1 ? "HalfOpen" : "Closed",
            start + place * history.stepMs,
            start + (place + 1) * history.stepMs,
          ],
        ],
  );
}

/** For how long of the time a circuit refused calls, milliseconds. */
export function refused(parts: readonly Segment[]): number {
  return parts.reduce((sum, part) => (refuses(part.state) ? sum + part.to - part.from : sum), 0);
}

/** When a circuit was not closed, as marks of a chart: a probe between two breaks does not end the trouble. */
export function openings(circuit: Circuit): Mark[] {
  const changes = [...circuit.lastTransitions].reverse();
  const marks: Mark[] = [];
  let since: number | null = null;
  for (const change of changes) {
    if (change.to === "Closed") {
      if (since !== null || change.from !== "Closed")
        marks.push({ from: since ?? 0, to: Date.parse(change.at), label: "circuit open", tone: "critical" });
      since = null;
    } else since ??= Date.parse(change.at);
  }
  if (since !== null) marks.push({ from: since, label: "circuit open", tone: "critical" });
  return marks;
}
