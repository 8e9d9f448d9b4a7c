import { clock, count, duration, percent } from "../../components/format";
import type { Schemas } from "../../data/types";

export type LatencyMap = Schemas["RedisLatencyMap"];

/** How many shades there are beside none. */
export const shades = 7;

/** The rows that are drawn, and what the shades mean. */
export interface Heat {
  readonly map: LatencyMap;
  /** The first and the last row that hold something, with one around them: what is empty everywhere takes no place. */
  readonly first: number;
  readonly last: number;
  /** The largest number that each shade stands for, ascending by equal ratios. */
  readonly bounds: readonly number[];
}

/** Null where nothing was measured. */
export function heatOf(map: LatencyMap): Heat | null {
  let first = Infinity;
  let last = -1;
  let most = 0;
  for (const column of map.columns)
    column.forEach((value, row) => {
      if (value <= 0) return;
      first = Math.min(first, row);
      last = Math.max(last, row);
      most = Math.max(most, value);
    });
  if (last < 0) return null;
  const rows = map.upperBoundsMs.length + 1;
  return { map, first: Math.max(0, first - 1), last: Math.min(rows - 1, last + 1), bounds: boundsOf(most) };
}

function boundsOf(most: number): number[] {
  return Array.from({ length: shades }, (_, shade) => Math.max(shade + 1, Math.round(most ** ((shade + 1) / shades))));
}

/** Which shade a number has, from 1; 0 for none. */
export function shadeOf(value: number, bounds: readonly number[]): number {
  if (value <= 0) return 0;
  const shade = bounds.findIndex((bound) => value <= bound);
  return shade < 0 ? bounds.length : shade + 1;
}

const bound = (map: LatencyMap, row: number) => map.upperBoundsMs[row] ?? null;

/** A bound with no more digits than it has: `0.25 ms`, `1 ms`, `2.5 s`. */
export function short(ms: number): string {
  const [value, unit] = ms >= 1000 ? [ms / 1000, "s"] : ms >= 1 ? [ms, "ms"] : [ms * 1000, "µs"];
  return `${Number(value.toPrecision(3))} ${unit}`;
}

/** From when to when a latency is in a row. */
export function rangeOf(map: LatencyMap, row: number): string {
  const upper = bound(map, row);
  const lower = row > 0 ? bound(map, row - 1) : null;
  if (upper === null) return lower === null ? "any time" : `more than ${short(lower)}`;
  return lower === null ? `up to ${short(upper)}` : `${short(lower)} to ${short(upper)}`;
}

/** When a column is. */
export function startOf(map: LatencyMap, column: number): Date {
  return new Date(Date.parse(map.startAt) + column * map.stepMs);
}

/** One cell in words. */
export function sayCell(map: LatencyMap, column: number, row: number): string {
  const values = map.columns[column] ?? [];
  const value = values[row] ?? 0;
  const total = values.reduce((sum, each) => sum + each, 0);
  const from = startOf(map, column);
  const share = total > 0 ? `, ${percent((value * 100) / total)} of ${count(total)}` : "";
  return `${clock(from)} to ${clock(startOf(map, column + 1))}, ${rangeOf(map, row)}: ${count(value)} operations${share}`;
}

/** What the whole map shows, in words. */
export function sayMap(heat: Heat): string {
  const { map } = heat;
  const rows = map.upperBoundsMs.length + 1;
  const totals = Array.from({ length: rows }, (_, row) =>
    map.columns.reduce((sum, column) => sum + (column[row] ?? 0), 0),
  );
  const most = totals.indexOf(Math.max(...totals));
  const slowest = totals.findLastIndex((total) => total > 0);
  const when = map.columns.findLastIndex((column) => (column[slowest] ?? 0) > 0);
  const all = totals.reduce((sum, total) => sum + total, 0);
  return (
    `Latency of ${count(all)} operations over the last ${duration(map.columns.length * map.stepMs)}. ` +
    `Most took ${rangeOf(map, most)} (${percent((totals[most]! * 100) / all)}). ` +
    `The slowest took ${rangeOf(map, slowest)}: ${count(totals[slowest])}, last at ${clock(startOf(map, when))}.`
  );
}
