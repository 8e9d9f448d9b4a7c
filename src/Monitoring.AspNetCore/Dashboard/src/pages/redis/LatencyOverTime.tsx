import { useMemo } from "preact/hooks";
import { Empty, Panel } from "../../components/Panel";
import { useLoaded, useView } from "../../data/context";
import type { LiveSnapshot } from "../../data/types";
import { columnsOf, heatOf, type LatencyMap } from "./heat";
import { HeatMap } from "./HeatMap";

const intervalMs = 5000;

/** The heat map, asked for anew for as long as snapshots come: not while the page is hidden. */
export function LatencyOverTime(props: { snapshot: LiveSnapshot }) {
  const { source, window } = useView();
  const at = Date.parse(props.snapshot.at);
  const { value: map, error } = useLoaded(
    () => source.get<LatencyMap>(`redis-operations/latency-map?window=${window}`),
    [source, window, props.snapshot.startedAt, Math.floor(at / intervalMs)],
  );
  const heat = useMemo(() => map && heatOf(map.upperBoundsMs, columnsOf(map, at), Date.parse(map.startAt), at), [map]);
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
      ) : !map ? (
        <p class="note" role="status">
          Waiting for the first figures…
        </p>
      ) : (
        <Empty title="No operation within the window.">The first ones appear within seconds.</Empty>
      )}
    </Panel>
  );
}
