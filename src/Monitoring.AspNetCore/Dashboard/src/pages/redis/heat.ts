import { clock, count, none, percent, span } from "../../components/format";
import type { Schemas } from "../../data/types";

export type LatencyMap = Schemas["RedisLatencyMap"];

/** The operations of some time; Unix milliseconds. */
export interface Column {
  readonly from: number;
  readonly to: number;
  /** How many operations fell into each row, the fastest first. */
  readonly rows: readonly number[];
}

/** How many shades there are beside none. */
export const shades = 7;

/** What is drawn, and what the shades mean. */
export interface Heat {
  readonly upperBoundsMs: readonly number[];
  readonly columns: readonly Column[];
  readonly from: number;
  readonly to: number;
  /** The first and the last row that hold something, with one around them: what is empty everywhere takes no place. */
  readonly first: number;
  readonly last: number;
  /** The largest number of operations a second that each shade stands for, ascending by equal ratios. */
  readonly shades: readonly number[];
}

/** Operations a second: the last column is not over. */
const rateOf = (column: Column, row: number) => ((column.rows[row] ?? 0) * 1000) / (column.to - column.from);

/** The columns of a map as they are; the last one ends now. */
export function columnsOf(map: LatencyMap, now: number): Column[] {
  const start = Date.parse(map.startAt);
  return map.columns.flatMap((rows, place): Column[] => {
    const from = start + place * map.stepMs;
    const to = Math.min(from + map.stepMs, now);
    return to > from ? [{ from, to, rows }] : [];
  });
}

/** Null where nothing was measured. */
export function heatOf(
  upperBoundsMs: readonly number[],
  columns: readonly Column[],
  from: number,
  to: number,
): Heat | null {
  let first = Infinity;
  let last = -1;
  let least = Infinity;
  let most = 0;
  for (const column of columns)
    column.rows.forEach((value, row) => {
      if (value <= 0) return;
      const rate = rateOf(column, row);
      first = Math.min(first, row);
      last = Math.max(last, row);
      least = Math.min(least, rate);
      most = Math.max(most, rate);
    });
  if (last < 0) return null;
  return {
    upperBoundsMs,
    columns,
    from,
    to,
    first: Math.max(0, first - 1),
    last: Math.min(upperBoundsMs.length, last + 1),
    shades: Array.from({ length: shades }, (_, shade) => least * (most / least) ** ((shade + 1) / shades)),
  };
}

/** Which shade a cell has, from 1; 0 for none. */
export function shadeOf(heat: Heat, column: Column, row: number): number {
  const rate = rateOf(column, row);
  if (rate <= 0) return 0;
  const shade = heat.shades.findIndex((upper) => rate <= upper * (1 + 1e-9));
  return shade < 0 ? shades : shade + 1;
}

/** A bound with no more digits than it has: `0.25 ms`, `1 ms`, `2.5 s`. */
export function short(ms: number): string {
  const [value, unit] = ms >= 1000 ? [ms / 1000, "s"] : ms >= 1 ? [ms, "ms"] : [ms * 1000, "µs"];
  return `${Number(value.toPrecision(3))} ${unit}`;
}

/** A rate as the legend names it, with two digits that count. */
export function perSecond(rate: number): string {
  return `${rate >= 1000 ? count(Math.round(rate)) : Number(rate.toPrecision(2))}/s`;
}

/** From when to when a latency is in a row. */
export function rangeOf(upperBoundsMs: readonly number[], row: number): string {
  const upper = upperBoundsMs[row];
  const lower = row > 0 ? upperBoundsMs[row - 1] : undefined;
  if (upper === undefined) return lower === undefined ? none : `more than ${short(lower)}`;
  return lower === undefined ? `up to ${short(upper)}` : `${short(lower)} to ${short(upper)}`;
}

/** One cell in words. */
export function sayCell(heat: Heat, column: Column, row: number): string {
  const value = column.rows[row] ?? 0;
  const total = column.rows.reduce((sum, each) => sum + each, 0);
  const share = total > 0 ? `, ${percent((value * 100) / total)} of ${count(total)}` : "";
  const time = `${clock(new Date(column.from))} to ${clock(new Date(column.to))}`;
  return `${time}, ${rangeOf(heat.upperBoundsMs, row)}: ${count(value)} operations (${perSecond(rateOf(column, row))})${share}`;
}

/** What the whole map shows, in words. */
export function sayMap(heat: Heat): string {
  const totals = Array.from({ length: heat.upperBoundsMs.length + 1 }, (_, row) =>
    heat.columns.reduce((sum, column) => sum + rateOf(column, row) * (column.to - column.from), 0),
  );
  const all = totals.reduce((sum, total) => sum + total, 0);
  const most = totals.indexOf(Math.max(...totals));
  const slowest = totals.findLastIndex((total) => total > 0);
  const last = heat.columns.findLast((column) => (column.rows[slowest] ?? 0) > 0)!;
  return (
    `Last ${span(heat.to - heat.from)}: most operations took ${rangeOf(heat.upperBoundsMs, most)} (${percent((totals[most]! * 100) / all)}), ` +
    `the slowest ${rangeOf(heat.upperBoundsMs, slowest)}, last at ${clock(new Date(last.from))}.`
  );
}
