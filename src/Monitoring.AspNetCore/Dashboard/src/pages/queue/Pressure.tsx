import { Badge } from "../../components/Badge";
import { clock, count, duration, none, rate, words } from "../../components/format";
import { Findings } from "../../components/Findings";
import { Figure, Figures, Panel } from "../../components/Panel";
import { Text } from "../../components/Text";
import { findings, outlook, signals, type Queue } from "./findings";

/** Whether work backs up, why, since when, and where it is heading. */
export function Pressure(props: { queue: Queue }) {
  const { queue } = props;
  const { backpressure } = queue;
  const tone = backpressure.level === "Severe" ? "critical" : backpressure.level === "Elevated" ? "warning" : "good";
  const short = backpressure.requiredWorkers !== null && backpressure.requiredWorkers > queue.workers;
  return (
    <Panel
      title="Backpressure"
      wide
      actions={
        <>
          {queue.isPaused && <Badge state="Paused" tone="warning" />}
          <Badge state={backpressure.level} tone={tone} text={backpressure.level === "None" ? "None" : undefined} />
        </>
      }
    >
      <Findings findings={findings(queue)} />
      {backpressure.reasons.length > 1 && (
        <ul class="reasons">
          {backpressure.reasons.slice(1).map((reason) => (
            <li key={reason}>
              <Text value={reason} />
            </li>
          ))}
        </ul>
      )}
      <Figures>
        <Figure
          label="Since"
          value={backpressure.since ? clock(backpressure.since) : none}
          detail={backpressure.since ? words(backpressure.level).toLowerCase() : "not detected"}
        />
        <Figure label="Outlook" value={outlook(queue)} detail="if both rates stay" />
        <Figure label="Arrivals" value={rate(backpressure.arrivalRatePerSecond)} detail="accepted" />
        <Figure label="Completions" value={rate(backpressure.completionRatePerSecond)} detail="done or given up" />
        <Figure
          label="Workers needed"
          value={count(backpressure.requiredWorkers)}
          detail={`of ${count(queue.workers)} there are`}
          {...(short ? { tone: "warning" as const } : {})}
        />
        <Figure
          label="Shortest wait"
          value={duration(backpressure.minimumSojournMs)}
          detail="of those handed out lately"
        />
        <Figure label="Oldest task" value={duration(backpressure.oldestTaskAgeMs)} detail="of those waiting" />
      </Figures>
      {backpressure.signals.length > 0 && (
        <ul class="signals" aria-label="Signals that hold">
          {backpressure.signals.map((signal) => (
            <li key={signal}>
              <b>{words(signal)}</b> {signals[signal]}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
