import { count, duration, percent, span } from "../../components/format";
import { Figure, Figures, Panel } from "../../components/Panel";
import { brief } from "../../components/Text";
import { SeriesChart } from "../../components/SeriesChart";
import { hasPoints, seriesOf } from "../../data/series";
import type { HistorySummary } from "../../data/types";
import type { Queue } from "./findings";

const priorities = [
  { instance: "High", color: 5 },
  { instance: "Normal", color: 4 },
  { instance: "Low", color: 6 },
] as const;

/** How much waits, comes and goes, and how long it takes. */
export function Flow(props: { queue: Queue; history: HistorySummary | null }) {
  const { queue, history } = props;
  const many = queue.queues.length > 1;
  return (
    <>
      <Panel title="Depth" note="Tasks that wait to be taken.">
        <Figures>
          <Figure
            label="Waiting"
            value={count(queue.currentDepth)}
            detail={queue.capacity > 0 ? `of ${count(queue.capacity)} places` : "not bounded"}
          />
          <Figure label="Delayed" value={count(queue.delayed)} detail={`${count(queue.awaitingRetry)} await a retry`} />
          <Figure
            label="Oldest"
            value={duration(queue.currentDepth > 0 ? queue.oldestTaskAgeMs : null)}
            detail="of those waiting"
          />
        </Figures>
        <SeriesChart
          label="Tasks waiting"
          summary={history}
          lines={[
            { metric: "task-queue-depth", label: "All waiting", color: 0 },
            ...priorities
              .filter(({ instance }) => hasPoints(seriesOf(history, "task-queue-priority-depth", instance)))
              .map(({ instance, color }) => ({
                metric: "task-queue-priority-depth",
                instance,
                label: instance,
                color,
              })),
            ...(many
              ? queue.queues.slice(0, 3).map((each, place) => ({
                  metric: "task-queue-depth",
                  instance: each.name,
                  label: brief(each.name ?? ""),
                  color: place + 2,
                }))
              : []),
          ]}
          levels={queue.capacity > 0 ? [{ label: "capacity", value: queue.capacity, tone: "critical" }] : []}
        />
      </Panel>
      <Panel title="Arrivals and completions" note="Where arrivals stay above completions, the queue grows.">
        <Figures>
          <Figure label="Accepted" value={count(queue.enqueued)} detail={`${count(queue.duplicates)} duplicates`} />
          <Figure label="Done" value={count(queue.completed)} detail={`${count(queue.retried)} attempts repeated`} />
          <Figure
            label="Given up"
            value={count(queue.failed)}
            detail={`${count(queue.timedOut)} attempts timed out`}
            {...(queue.failed > 0 ? { tone: "warning" as const } : {})}
          />
          <Figure
            label="Refused"
            value={count(queue.rejected + queue.refused)}
            detail={`${count(queue.rejected)} full, ${count(queue.refused)} by admission`}
            {...(queue.rejected + queue.refused > 0 ? { tone: "warning" as const } : {})}
          />
        </Figures>
        <SeriesChart
          label="Tasks a second"
          summary={history}
          lines={[
            { metric: "task-arrival-rate", label: "Arrivals", color: 1 },
            { metric: "task-completion-rate", label: "Completions", color: 2 },
          ]}
        />
      </Panel>
      <Panel title="Workers">
        <Figures>
          <Figure
            label="Busy"
            value={`${count(queue.busyWorkers)} of ${count(queue.workers)}`}
            detail={`${count(queue.running)} tasks run`}
          />
          <Figure
            label="Utilisation"
            value={percent(queue.currentWorkerUtilizationPercent)}
            detail={`${percent(queue.workerUtilizationPercent)} in ${span(queue.windowMs)}`}
          />
          <Figure
            label="Stuck"
            value={count(queue.stuckTasks)}
            {...(queue.stuckTasks > 0 ? { tone: "warning" as const } : {})}
          />
          {queue.redelivered > 0 && <Figure label="Delivered again" value={count(queue.redelivered)} />}
        </Figures>
        <SeriesChart
          label="Busy share of the workers' time"
          summary={history}
          lines={[{ metric: "worker-utilization", label: "Utilisation", color: 3 }]}
          levels={[{ label: "all workers busy", value: 100, tone: "warning" }]}
        />
      </Panel>
      <Panel title="Waits and processing times">
        <Figures>
          <Figure label="Wait, median" value={duration(queue.waitP50Ms)} />
          <Figure label="Wait, p95" value={duration(queue.waitP95Ms)} />
          <Figure
            label="Wait, p99"
            value={duration(queue.waitP99Ms)}
            detail={`at most ${duration(queue.waitMaximumMs)}`}
          />
          <Figure label="Processing, median" value={duration(queue.p50ProcessingTimeMs)} />
          <Figure label="Processing, p95" value={duration(queue.p95ProcessingTimeMs)} />
          <Figure
            label="Processing, p99"
            value={duration(queue.p99ProcessingTimeMs)}
            detail={`at most ${duration(queue.maximumProcessingTimeMs)}`}
          />
        </Figures>
        <SeriesChart
          label="95th percentile of waits and processing; age of the oldest"
          summary={history}
          lines={[
            { metric: "task-wait-time", label: "Wait", color: 1 },
            { metric: "task-processing-time", label: "Processing", color: 0 },
            { metric: "task-queue-oldest-age", label: "Oldest waiting", color: 5 },
          ]}
        />
      </Panel>
    </>
  );
}
