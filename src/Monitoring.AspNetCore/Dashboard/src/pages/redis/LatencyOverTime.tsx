import { useMemo, useRef } from "preact/hooks";
import { Empty, Panel } from "../../components/Panel";
import { useLoaded, useView } from "../../data/context";
import type { LiveSnapshot } from "../../data/types";
import { heatOf, type Heat, type LatencyMap } from "./heat";
import { HeatMap } from "./HeatMap";
import { columnsOf, merge, Seconds } from "./seconds";

// So many columns at least, as far as seconds were seen.
const columns = 60;
const fineMs = 5000;
const coarseMs = 10_000;

/** The heat map, asked for anew for as long as snapshots come: not while the page is hidden. */
export function LatencyOverTime(props: { snapshot: LiveSnapshot }) {
  const { source, window } = useView();
  const { snapshot } = props;
  const at = Date.parse(snapshot.at);
  const length = Math.floor(snapshot.windowMs / 1000 / columns);
  // An hour is told by minute anyway, and a report has nothing else.
  const bySecond = length < 60 && !source.isReport;
  const load = (asked: string) => source.get<LatencyMap>(`redis-operations/latency-map?window=${asked}`);
  const coarse = useLoaded(
    () => (window === "1m" && bySecond ? Promise.resolve(null) : load(window)),
    [source, window, bySecond, snapshot.startedAt, Math.floor(at / coarseMs)],
  );
  const fine = useLoaded(
    () => (bySecond ? load("1m") : Promise.resolve(null)),
    [source, bySecond, snapshot.startedAt, Math.floor(at / fineMs)],
  );
  const kept = useRef<{ readonly key: string; readonly seconds: Seconds } | null>(null);
  const heat = useMemo((): Heat | null => {
    const bounds = (fine.value ?? coarse.value)?.upperBoundsMs;
    if (!bounds) return null;
    // Another process begins anew.
    const key = `${snapshot.startedAt} ${snapshot.windowMs}`;
    if (fine.value?.columns.length && fine.value.stepMs === 1000) {
      if (kept.current?.key === key) kept.current.seconds.add(fine.value);
      else kept.current = { key, seconds: new Seconds(fine.value, snapshot.windowMs) };
    }
    // Where the service itself tells as fine as that, it needs no help.
    const isFine = coarse.value !== null && coarse.value.stepMs <= length * 1000;
    const seconds = bySecond && !isFine && kept.current?.key === key ? kept.current.seconds : null;
    const to = seconds?.to ?? at;
    // A report has a map of its own length.
    const from = source.isReport && coarse.value ? Date.parse(coarse.value.startAt) : to - snapshot.windowMs;
    const all = merge(seconds?.columns(Math.max(1, length)) ?? [], coarse.value ? columnsOf(coarse.value, to) : []);
    const shown = all
      .filter((column) => column.to > from)
      .map((column) => ({ ...column, from: Math.max(from, column.from) }));
    return heatOf(bounds, shown, from, to);
  }, [fine.value, coarse.value]);
  const error = fine.error ?? coarse.error;
  return (
    <Panel
      title="Latency over time"
      note="How many operations a second took how long. Each row ends at twice the latency of the one below."
      wide
    >
      {heat ? (
        <HeatMap heat={heat} />
      ) : error ? (
        <p class="note" role="status">
          {source.isReport ? "The report has no latencies over time." : error}
        </p>
      ) : !fine.value && !coarse.value ? (
        <p class="note" role="status">
          Waiting for the first figures…
        </p>
      ) : (
        <Empty title="No operation within the window.">The first ones appear within seconds.</Empty>
      )}
    </Panel>
  );
}
