import { Empty, Panel } from "../../components/Panel";
import { useLoaded, useView } from "../../data/context";
import type { LiveSnapshot } from "../../data/types";
import { heatOf, type LatencyMap } from "./heat";
import { HeatMap } from "./HeatMap";

const reloadMs = 5000;

/** The heat map, asked for anew every few seconds for as long as snapshots come: not while the page is hidden. */
export function LatencyOverTime(props: { snapshot: LiveSnapshot }) {
  const { source, window } = useView();
  const turn = Math.floor(Date.parse(props.snapshot.at) / reloadMs);
  const { value, error } = useLoaded(
    () => source.get<LatencyMap>(`redis-operations/latency-map?window=${window}`),
    [source, window, turn],
  );
  return (
    <Panel title="Latency over time" note="How many operations took how long. The rows grow by equal ratios." wide>
      {value && heatOf(value) ? (
        <HeatMap map={value} />
      ) : value ? (
        <Empty title="No operation within the window.">The first ones appear within seconds.</Empty>
      ) : (
        <p class="note" role="status">
          {error ?? "Loading…"}
        </p>
      )}
    </Panel>
  );
}
