import { createContext } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import type { Feed, Source } from "./source";
import type { HistorySeries, HistorySummary, LivePage, LiveSnapshot, TimeWindow } from "./types";

/** What every page needs: where the data is from, and how far back to look. */
export interface View {
  readonly source: Source;
  readonly window: TimeWindow;
}

export const ViewContext = createContext<View | null>(null);

export function useView(): View {
  const view = useContext(ViewContext);
  if (!view) throw new Error("A page is shown outside of the shell.");
  return view;
}

/** Whether to offer what changes something. The service decides; this only hides what it would refuse. */
export function useIsAdmin(): boolean {
  const { source } = useView();
  return !source.isReport && source.session.role === "Admin";
}

const nothing: Feed = { snapshot: null, staleSince: null };

/** The newest snapshot of a page. */
export function useLive(page: LivePage): Feed {
  const { source, window } = useView();
  const [feed, setFeed] = useState<Feed>(nothing);
  useEffect(() => source.subscribe(page, window, setFeed), [source, page, window]);
  return feed;
}

/** Reads something once, and again when `dependencies` change. The old answer stays until the new one is there. */
export function useLoaded<T>(
  load: () => Promise<T>,
  dependencies: readonly unknown[],
): { value: T | null; error: string | null } {
  const [loaded, setLoaded] = useState<{ value: T | null; error: string | null }>({ value: null, error: null });
  useEffect(() => {
    let current = true;
    load().then(
      (value) => current && setLoaded({ value, error: null }),
      (error: Error) => current && setLoaded((before) => ({ value: before.value, error: error.message })),
    );
    return () => {
      current = false;
    };
  }, dependencies);
  return loaded;
}

/**
 * Series of the history as they go on: loaded for the window, then each snapshot's newest values are added. Pass the feed
 * of the page that draws them.
 */
export function useSeries(metrics: readonly string[], feed: Feed): HistorySummary | null {
  const { source, window } = useView();
  const [summary, setSummary] = useState<HistorySummary | null>(null);
  const [round, setRound] = useState(0);
  const newest = useRef<LiveSnapshot | null>(null);
  const names = metrics.join();
  useEffect(() => {
    let current = true;
    let again: ReturnType<typeof setTimeout> | undefined;
    source.history({ metrics, window }).then(
      (loaded) => current && setSummary(loaded),
      () => {
        if (current && !source.isReport) again = setTimeout(() => setRound((before) => before + 1), retryAfter);
      },
    );
    return () => {
      current = false;
      clearTimeout(again);
    };
  }, [source, window, names, round]);
  useEffect(() => {
    const { snapshot } = feed;
    if (!snapshot) return;
    const before = newest.current;
    newest.current = snapshot;
    // Another process remembers nothing of the last one; and what we have not seen while hidden or cut off, it still has.
    if (before && (before.startedAt !== snapshot.startedAt || since(before, snapshot) > longestGap))
      setRound((rounds) => rounds + 1);
    setSummary((known) => known && advance(known, snapshot.at, snapshot.values, metrics));
  }, [feed.snapshot]);
  return summary;
}

const retryAfter = 5000;
const longestGap = 5000;

function since(before: LiveSnapshot, snapshot: LiveSnapshot): number {
  return Date.parse(snapshot.at) - Date.parse(before.at);
}

/** Adds the values of a moment at the end and drops as many points at the beginning. */
export function advance(
  summary: HistorySummary,
  at: string,
  values: readonly { metric: string; instance: string | null; unit: string; value: number | null }[],
  metrics: readonly string[],
): HistorySummary {
  const step = summary.stepMs;
  const start = Date.parse(summary.startAt);
  const index = Math.floor((Date.parse(at) - start) / step);
  const shift = Math.max(0, index - summary.count + 1);
  const keep = Math.min(shift, summary.count);
  const known = new Map(summary.series.map((series) => [key(series), series]));
  for (const value of values) {
    if (metrics.includes(value.metric) && !known.has(key(value))) {
      const none = Array<number | null>(summary.count).fill(null);
      known.set(key(value), {
        metric: value.metric,
        instance: value.instance,
        unit: value.unit,
        average: none,
        maximum: none,
      });
    }
  }
  const now = new Map(values.map((value) => [key(value), value.value]));
  const put = (points: readonly (number | null)[], value: number | null) => {
    const moved = [...points.slice(keep), ...Array<number | null>(keep).fill(null)];
    const place = index - shift;
    if (place >= 0 && place < moved.length && value !== null) moved[place] = value;
    return moved;
  };
  return {
    ...summary,
    startAt: new Date(start + shift * step).toISOString(),
    series: [...known.values()].map((series): HistorySeries => {
      const value = now.get(key(series)) ?? null;
      return { ...series, average: put(series.average, value), maximum: put(series.maximum, value) };
    }),
  };
}

function key(series: { metric: string; instance: string | null }): string {
  return `${series.metric}\n${series.instance ?? ""}`;
}
