import { defaultMetrics, metricOf } from "./metrics";

/** How long the ranges are that end now. */
export const lengths = { "15m": 900_000, "1h": 3_600_000, "6h": 21_600_000, "24h": 86_400_000 } as const;

export type RangeName = keyof typeof lengths;

/** The longest that can be asked for at once. */
export const longest = 86_400_000;

/** A metric, and which one of many; all together without. */
export interface Choice {
  readonly metric: string;
  readonly instance: string | null;
}

/** What the page of the history shows. It is in the address, so that a link shows the same. */
export interface HistoryView {
  readonly choices: readonly Choice[];
  /** A range that ends now, or one of one's own in Unix milliseconds. */
  readonly range: RangeName | { readonly from: number; readonly to: number };
  /** Against what: nothing, the time just before, the same time a day earlier, or a time that begins then. */
  readonly compare: "none" | "previous" | "yesterday" | number;
}

export const most = 12;

/** Reads `#/history?metric=cpu-usage&metric=circuit-state/orders&range=1h&compare=previous`. What makes no sense is passed over. */
export function readView(hash: string): HistoryView {
  const question = hash.indexOf("?");
  const query = new URLSearchParams(question < 0 ? "" : hash.slice(question + 1));
  const choices = query
    .getAll("metric")
    .map((text): Choice => {
      const slash = text.indexOf("/");
      return slash < 0
        ? { metric: text, instance: null }
        : { metric: text.slice(0, slash), instance: text.slice(slash + 1) };
    })
    .filter(({ metric }, place, all) => metricOf(metric) && all.findIndex((one) => one.metric === metric) === place)
    .slice(0, most);
  const from = moment(query.get("from"));
  const to = moment(query.get("to"));
  const name = query.get("range") ?? "";
  const compare = query.get("compare");
  return {
    choices: query.has("metric") ? choices : defaultMetrics.map((metric) => ({ metric, instance: null })),
    range: from !== null && to !== null && problemOf(from, to) === null ? { from, to } : isRange(name) ? name : "15m",
    compare: compare === "previous" || compare === "yesterday" ? compare : (moment(compare) ?? "none"),
  };
}

/** The address of a view. */
export function writeView(view: HistoryView): string {
  const query = new URLSearchParams(
    view.choices.map(({ metric, instance }) => ["metric", instance === null ? metric : `${metric}/${instance}`]),
  );
  if (view.choices.length === 0) query.set("metric", "");
  if (typeof view.range === "string") query.set("range", view.range);
  else {
    query.set("from", new Date(view.range.from).toISOString());
    query.set("to", new Date(view.range.to).toISOString());
  }
  if (typeof view.compare === "number") query.set("compare", new Date(view.compare).toISOString());
  else if (view.compare !== "none") query.set("compare", view.compare);
  return `#/history?${query}`;
}

/** What is wrong with a range, in words; null when nothing is. */
export function problemOf(from: number, to: number): string | null {
  if (!Number.isFinite(from) || !Number.isFinite(to)) return "Say when it begins and when it ends.";
  if (to - from < 10_000) return "It has to end at least 10 s after it begins.";
  return to - from > longest ? "It can be 24 h long at most." : null;
}

export interface Bounds {
  readonly from: number;
  readonly to: number;
}

/** When the range begins and ends. One that ends now moves on in steps that are worth asking for again. */
export function boundsOf(range: HistoryView["range"], now: number): Bounds {
  if (typeof range !== "string") return range;
  const length = lengths[range];
  const step = length <= 900_000 ? 5000 : length <= 3_600_000 ? 10_000 : 60_000;
  const to = Math.floor(now / step) * step;
  return { from: to - length, to };
}

/** When the range that it is compared with begins and ends; null without one. */
export function otherBounds(compare: HistoryView["compare"], bounds: Bounds): Bounds | null {
  const length = bounds.to - bounds.from;
  if (compare === "none") return null;
  const from =
    compare === "previous" ? bounds.from - length : compare === "yesterday" ? bounds.from - 86_400_000 : compare;
  return { from, to: from + length };
}

/** The value of an input of date and time, in the time of whoever looks. */
export function toInput(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}

export function fromInput(text: string): number {
  return text === "" ? Number.NaN : new Date(text).getTime();
}

function moment(text: string | null): number | null {
  const at = text === null ? Number.NaN : Date.parse(text);
  return Number.isFinite(at) ? at : null;
}

function isRange(text: string): text is RangeName {
  return Object.hasOwn(lengths, text);
}
