import { Findings } from "../../components/Findings";
import { count, duration, percent, rate, span } from "../../components/format";
import { Figure, Figures, Panel } from "../../components/Panel";
import { SeriesChart } from "../../components/SeriesChart";
import { levelsOf, useThresholds, type Thresholds } from "../../data/thresholds";
import type { HistorySummary, LiveSnapshot, Schemas } from "../../data/types";
import { openings } from "./circuits";
import { failureKinds, findings } from "./findings";

/** How Redis is: what is wrong in sentences, the figures of the window, and how they went. */
export function Now(props: { snapshot: LiveSnapshot; redis: Schemas["LiveRedis"]; history: HistorySummary | null }) {
  const { snapshot, redis, history } = props;
  const { operations } = redis;
  const now = snapshot.values.find((value) => value.metric === "redis-rate" && value.instance === null)?.value;
  const { failures } = operations;
  const thresholds = useThresholds();
  const failedPercent = operations.totalOperations > 0 ? (failures.total * 100) / operations.totalOperations : 0;
  const marks = operations.circuitBreakers.flatMap((circuit) => openings(circuit));
  return (
    <Panel title="Operations" wide>
      <Findings findings={findings(redis, snapshot.at, thresholds)} />
      <Figures>
        <Figure
          label="Operations"
          value={rate(now)}
          detail={`${count(operations.totalOperations)} in ${span(operations.windowMs)}`}
        />
        <Figure label="Average" value={duration(operations.averageLatencyMs)} />
        <Figure label="Median" value={duration(operations.p50Ms)} />
        <Figure label="p95" value={duration(operations.p95Ms)} detail="95 % are as fast" />
        <Figure label="p99" value={duration(operations.p99Ms)} detail="99 % are as fast" />
        <Figure
          label="Failed"
          value={percent(failedPercent)}
          detail={failureKinds(failures) || "none"}
          {...toneOf(failedPercent, thresholds)}
        />
        <Figure label="Given up" value={count(failures.canceled)} detail="by the caller" />
        <Figure label="Sent only" value={count(operations.sent)} detail="without awaiting a reply" />
      </Figures>
      <div class="charts">
        <SeriesChart
          label="Latency, 95th percentile"
          summary={history}
          lines={[{ metric: "redis-latency", label: "p95 latency" }]}
          levels={levelsOf(thresholds, "RedisLatency")}
          marks={marks}
        />
        <SeriesChart
          label="Operations a second"
          summary={history}
          lines={[{ metric: "redis-rate", label: "Operations", color: 2 }]}
          marks={marks}
        />
        <SeriesChart
          label="Share of operations that failed"
          summary={history}
          lines={[{ metric: "redis-failure-rate", label: "Failed", color: 5 }]}
          levels={levelsOf(thresholds, "RedisFailureRate", "Percent")}
          marks={marks}
        />
      </div>
    </Panel>
  );
}

// By the thresholds of the alerts; without them, any failure is worth a look.
function toneOf(failedPercent: number, thresholds: Thresholds): { tone?: "warning" | "critical" } {
  const { RedisFailureRateCriticalPercent: critical = 100, RedisFailureRateWarningPercent: warning = 0 } = thresholds;
  if (failedPercent > 0 && failedPercent >= critical) return { tone: "critical" };
  return failedPercent > 0 && failedPercent >= warning ? { tone: "warning" } : {};
}
