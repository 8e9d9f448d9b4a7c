import type { Schemas } from "../../data/types";

export type PhaseSummary = Schemas["WebhookPhaseSummary"];
export type Breakdown = Schemas["WebhookTimingBreakdown"];

/** The names of phases in the order in which they usually begin, as single webhooks tell; those of which none tells last. */
export function orderOf(phases: readonly PhaseSummary[], breakdowns: readonly Breakdown[]): readonly string[] {
  const places = new Map<string, { sum: number; count: number }>();
  for (const breakdown of breakdowns) {
    breakdown.phases.forEach((phase, place) => {
      if (phase.name === null) return;
      const known = places.get(phase.name) ?? { sum: 0, count: 0 };
      places.set(phase.name, { sum: known.sum + place / breakdown.phases.length, count: known.count + 1 });
    });
  }
  const place = (name: string) => {
    const known = places.get(name);
    return known ? known.sum / known.count : 2;
  };
  return phases.map((phase) => phase.name).sort((a, b) => place(a) - place(b) || a.localeCompare(b));
}

export interface WaterfallRow {
  readonly phase: PhaseSummary;
  /** Where its bar begins and how long it is, of the width of the whole. */
  readonly start: number;
  readonly width: number;
}

/** Phases one after the other, each as long as its share; and what lies in none of them. */
export function waterfall(
  phases: readonly PhaseSummary[],
  order: readonly string[],
): { rows: readonly WaterfallRow[]; outsidePercent: number } {
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  const sorted = [...phases].sort((a, b) => place(a.name) - place(b.name));
  const total = sorted.reduce((sum, phase) => sum + (phase.sharePercent ?? 0), 0);
  // Phases that ran side by side add up to more than the whole: then the bars share the width.
  const scale = 100 / Math.max(100, total);
  let start = 0;
  const rows = sorted.map((phase) => {
    const row = { phase, start, width: (phase.sharePercent ?? 0) * scale };
    start += row.width;
    return row;
  });
  return { rows, outsidePercent: Math.max(0, 100 - total) };
}

/** Where the time of one webhook went, in shares of its whole time; the rest lies in no phase. */
export function sharesOf(breakdown: Breakdown, order: readonly string[]) {
  const self = breakdown.phases.reduce((sum, phase) => sum + phase.selfMs, 0);
  const whole = Math.max(breakdown.totalMs, self, 1e-9);
  const shares = breakdown.phases.map((phase) => ({
    label: phase.name ?? "(no name)",
    percent: (phase.selfMs / whole) * 100,
    color: colorOf(phase.name, order),
  }));
  const rest = 100 - (self / whole) * 100;
  return rest > 0.05 ? [...shares, { label: "in no phase", percent: rest, color: 6 }] : shares;
}

/** Each phase has one colour on the whole page; grey is what lies in none. */
export function colorOf(name: string | null, order: readonly string[]): number {
  const place = name === null ? -1 : order.indexOf(name);
  return place < 0 ? 5 : place % 6;
}
