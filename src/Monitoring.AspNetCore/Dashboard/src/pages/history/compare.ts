import type { HistorySummary } from "../../data/types";
import type { Bounds } from "./view";

type Points = readonly (number | null)[];

/** The points of a summary that begin between two moments. */
export function slice(summary: HistorySummary, bounds: Bounds): HistorySummary {
  const start = Date.parse(summary.startAt);
  const first = clamp(Math.ceil((bounds.from - start) / summary.stepMs), summary.count);
  const end = clamp(Math.ceil((bounds.to - start) / summary.stepMs), summary.count);
  if (first === 0 && end === summary.count) return summary;
  return {
    ...summary,
    startAt: new Date(start + first * summary.stepMs).toISOString(),
    count: Math.max(0, end - first),
    series: summary.series.map((series) => ({
      ...series,
      average: series.average.slice(first, end),
      maximum: series.maximum.slice(first, end),
    })),
  };
}

const clamp = (place: number, count: number) => Math.min(count, Math.max(0, place));

/** A grid of points: when the first begins, relative to the range it belongs to, and how long each is. */
export interface Grid {
  readonly offset: number;
  readonly stepMs: number;
  readonly count: number;
}

export function gridOf(summary: HistorySummary, bounds: Bounds): Grid {
  return { offset: Date.parse(summary.startAt) - bounds.from, stepMs: summary.stepMs, count: summary.count };
}

/** Values of one grid on another: each point takes what the other had as long after its own beginning. */
export function align(values: Points, from: Grid, onto: Grid): (number | null)[] {
  return Array.from({ length: onto.count }, (_, place) => {
    const offset = onto.offset + place * onto.stepMs;
    return values[Math.floor((offset - from.offset) / from.stepMs)] ?? null;
  });
}

/** The figures of a series over a range. */
export interface Figures {
  /** Of the points. */
  readonly average: number | null;
  /** Of the points, nearest rank. */
  readonly p95: number | null;
  /** The largest value of all, not of the averages. */
  readonly maximum: number | null;
}

export function figuresOf(series: { readonly average: Points; readonly maximum: Points } | undefined): Figures {
  const points = known(series?.average ?? []).sort((a, b) => a - b);
  const highest = known(series?.maximum ?? []);
  if (points.length === 0) return { average: null, p95: null, maximum: null };
  return {
    average: points.reduce((sum, value) => sum + value, 0) / points.length,
    p95: points[Math.ceil(points.length * 0.95) - 1]!,
    maximum: highest.reduce((most, value) => Math.max(most, value), -Infinity),
  };
}

/** By how many percent a value is above what it was; null where there is nothing to compare with. */
export function change(now: number | null, then: number | null): number | null {
  if (now === null || then === null) return null;
  if (then === 0) return now === 0 ? 0 : null;
  return ((now - then) / Math.abs(then)) * 100;
}

/** `+12.3 %`, `−4.0 %`, `±0 %`, `× 110` where percent say little; `from 0` where there was nothing but zeros before. */
export function changeText(now: number | null, then: number | null): string {
  const value = change(now, then);
  if (value === null) return then === 0 && now !== null ? "from 0" : "–";
  if (Math.abs(value) < 0.05) return "±0 %";
  const size = Math.abs(value);
  if (size >= 1000 && value > 0) return `× ${Math.round(now! / then!).toLocaleString("en")}`;
  return `${value > 0 ? "+" : "−"}${size.toFixed(1)} %`;
}

function known(values: Points): number[] {
  return values.filter((value): value is number => value !== null && Number.isFinite(value));
}
