import { Figure, Figures, Panel } from "../../components/Panel";
import { SeriesChart } from "../../components/SeriesChart";
import { count, duration, percent, rate, span } from "../../components/format";
import { levelsOf, toneOf, type Thresholds } from "../../data/thresholds";
import type { HistorySummary, Schemas } from "../../data/types";
import { classesOf } from "./StatusClasses";

/** All requests together: how many, how fast, how they end. */
export function Summary(props: {
  requests: Schemas["RequestSummary"];
  history: HistorySummary | null;
  thresholds: Thresholds;
}) {
  const { requests, thresholds } = props;
  const failed = 100 - (requests.successRatePercent ?? 0);
  return (
    <Panel title="Requests" wide>
      <Figures>
        <Figure
          label="Requests"
          value={count(requests.count)}
          detail={`${rate(requests.requestsPerSecond)} over ${span(requests.windowMs)}`}
        />
        <Figure label="In flight" value={count(requests.inFlight)} detail="now" />
        <Figure
          label="Failed"
          value={requests.count === 0 ? "–" : percent(failed)}
          detail={
            <>
              {count(requests.failures)} · last minute {percent(requests.errorRateLastMinutePercent)}
            </>
          }
          {...tone(failed, thresholds, "RequestErrorRate", "Percent", requests.count)}
        />
        <Figure label="p50" value={duration(requests.p50Ms)} />
        <Figure
          label="p95"
          value={duration(requests.p95Ms)}
          {...tone(requests.p95Ms, thresholds, "RequestLatency", "", requests.count)}
        />
        <Figure label="p99" value={duration(requests.p99Ms)} />
        <Figure label="Slowest" value={duration(requests.maximumMs)} />
        {requests.cacheHits + requests.cacheMisses > 0 && (
          <Figure label="From a cache" value={percent(requests.cacheHitRatePercent)} />
        )}
        {requests.clientAborts > 0 && (
          <Figure label="Clients gone" value={count(requests.clientAborts)} detail="no failures" />
        )}
      </Figures>
      <p class="hint">
        Answers by status:{" "}
        {classesOf(requests.statusClasses)
          .map(({ name, value }) => `${name} ${count(value)}`)
          .join(", ") || "none yet"}
        .
      </p>
      <div class="charts">
        <SeriesChart
          label="95th percentile of the latency"
          summary={props.history}
          lines={[{ metric: "request-latency", label: "p95" }]}
          levels={levelsOf(thresholds, "RequestLatency")}
        />
        <SeriesChart
          label="Requests per second"
          summary={props.history}
          lines={[{ metric: "request-rate", label: "requests", color: 2 }]}
        />
        <SeriesChart
          label="Failed requests"
          summary={props.history}
          lines={[{ metric: "request-error-rate", label: "failed", color: 5 }]}
          levels={levelsOf(thresholds, "RequestErrorRate", "Percent")}
        />
      </div>
    </Panel>
  );
}

function tone(value: number, thresholds: Thresholds, name: string, unit: "" | "Percent", many: number) {
  const reached = many === 0 ? null : toneOf(value, thresholds, name, unit);
  return reached ? { tone: reached } : {};
}
