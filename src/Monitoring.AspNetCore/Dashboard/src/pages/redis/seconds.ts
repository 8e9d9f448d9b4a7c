import type { Column, LatencyMap } from "./heat";

const second = 1000;

/**
 * The service tells latencies by second for the last minute and by minute beyond. What has been seen by second is kept here
 * for as long as the window is: the longer the page is open, the finer is the map.
 */
export class Seconds {
  private readonly seen = new Map<number, readonly number[]>();
  private readonly anchor: number;
  private end = 0;

  constructor(
    /** A map by second. */
    map: LatencyMap,
    private readonly windowMs: number,
  ) {
    this.anchor = Date.parse(map.startAt);
    this.add(map);
  }

  /** Takes what a newer map has; what both know is taken from the newer one. */
  add(map: LatencyMap): void {
    const start = Math.round((Date.parse(map.startAt) - this.anchor) / second);
    // The last second is not over.
    map.columns.slice(0, -1).forEach((rows, place) => this.seen.set(start + place, rows));
    this.end = Math.max(this.end, start + map.columns.length - 1);
    const oldest = this.end - this.windowMs / second;
    for (const known of this.seen.keys()) if (known < oldest) this.seen.delete(known);
  }

  /** When the newest second ended. */
  get to(): number {
    return this.anchor + this.end * second;
  }

  /** Columns of so many seconds, for the time of which every second was seen; oldest first. */
  columns(length: number): Column[] {
    const found: Column[] = [];
    const first = Math.floor((this.end - this.windowMs / second) / length);
    for (let place = first; place * length < this.end; place++) {
      const start = place * length;
      const end = Math.min(start + length, this.end);
      let rows: number[] | null = null;
      for (let at = start; at < end; at++) {
        const known = this.seen.get(at);
        if (!known) {
          rows = null;
          break;
        }
        rows = rows ? rows.map((value, row) => value + (known[row] ?? 0)) : [...known];
      }
      if (!rows) continue;
      const [from, to] = [this.anchor + start * second, this.anchor + end * second];
      found.push({ from, to, start: from, end: to, rows });
    }
    return found;
  }
}

/** The columns of a map as they are; the last one ends now. */
export function columnsOf(map: LatencyMap, now: number): Column[] {
  const start = Date.parse(map.startAt);
  return map.columns.flatMap((rows, place): Column[] => {
    const from = start + place * map.stepMs;
    const to = Math.min(from + map.stepMs, now);
    return to > from ? [{ from, to, start: from, end: to, rows }] : [];
  });
}

/** Fine columns where there are some, and of the coarse ones what these leave over. */
export function merge(fine: readonly Column[], coarse: readonly Column[]): Column[] {
  const rest = coarse.flatMap((column) => {
    const parts: Column[] = [];
    let from = column.from;
    for (const taken of fine) {
      if (taken.to <= from || taken.from >= column.to) continue;
      if (taken.from > from) parts.push({ ...column, from, to: taken.from });
      from = taken.to;
    }
    if (from < column.to) parts.push({ ...column, from });
    return parts;
  });
  return [...rest, ...fine].sort((a, b) => a.from - b.from);
}
