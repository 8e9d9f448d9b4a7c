import { count, duration, percent, rate, words } from "../../components/format";
import type { Thresholds } from "../../data/thresholds";
import type { LiveSnapshot } from "../../data/types";
import type { Lane } from "./worst";

export interface LaneFigure {
  readonly label: string;
  readonly value: string;
  /** What it should be. */
  readonly target?: string;
  readonly tone?: "warning" | "critical";
}

/** How webhooks are measured: the share that should be answered in time, and in what time. */
export interface Objective {
  readonly percent: number | null;
  readonly targetMs: number;
}

/** The numbers of a lane as they are now. */
export function laneFigures(
  lane: Lane,
  snapshot: LiveSnapshot,
  thresholds: Thresholds,
  objective: Objective,
): readonly LaneFigure[] {
  const { realTime, circuitBreakers } = snapshot.overview!;
  const now = (metric: string) =>
    snapshot.values.find((value) => value.metric === metric && value.instance === null)?.value ?? null;
  const below = (
    label: string,
    value: number | null,
    format: (value: number | null) => string,
    warning: number | null | undefined,
    critical: number | null | undefined,
  ): LaneFigure => ({
    label,
    value: format(value),
    ...(warning == null ? {} : { target: `below ${format(warning)}` }),
    ...tone(
      value !== null && warning != null && value >= warning,
      value !== null && critical != null && value >= critical,
    ),
  });
  const p95 = () => below("p95", now(lane.metric), duration, lane.target, lane.critical);

  switch (lane.name) {
    case "Webhooks": {
      const within = now("webhook-within-target") ?? realTime.webhooks.within500MsPercent;
      return [
        p95(),
        { label: "Rate", value: rate(now("webhook-rate")) },
        {
          label: `Within ${duration(objective.targetMs).replace(/\.0+ /, " ")}`,
          value: realTime.webhooks.count === 0 ? percent(null) : percent(within),
          ...(objective.percent === null
            ? {}
            : {
                target: `at least ${percent(objective.percent)}`,
                ...tone(realTime.webhooks.count > 0 && within !== null && within < objective.percent, false),
              }),
        },
      ];
    }
    case "Redis": {
      const open = circuitBreakers.filter((circuit) => circuit.state === "Open" || circuit.state === "Isolated").length;
      const closed = circuitBreakers.filter((circuit) => circuit.state === "Closed").length;
      return [
        p95(),
        { label: "Rate", value: rate(now("redis-rate")) },
        below(
          "Failures",
          now("redis-failure-rate"),
          percent,
          thresholds["RedisFailureRateWarningPercent"],
          thresholds["RedisFailureRateCriticalPercent"],
        ),
        {
          label: "Circuits closed",
          value: circuitBreakers.length === 0 ? "–" : `${closed} of ${circuitBreakers.length}`,
          ...(circuitBreakers.length === 0 ? {} : { target: "all" }),
          ...tone(closed < circuitBreakers.length, open > 0),
        },
      ];
    }
    case "Queue": {
      const pressure = realTime.taskQueue.backpressure;
      return [
        below("Waiting tasks", now(lane.metric) ?? realTime.taskQueue.depth, count, lane.target, lane.critical),
        {
          label: "In and out",
          value: `${rate(now("task-arrival-rate"))} · ${rate(now("task-completion-rate"))}`,
        },
        below(
          "Workers busy",
          now("worker-utilization") ?? realTime.taskQueue.workerUtilizationPercent,
          percent,
          thresholds["WorkerUtilizationWarningPercent"],
          thresholds["WorkerUtilizationCriticalPercent"],
        ),
        {
          label: "Backpressure",
          value: words(pressure),
          target: "none",
          ...tone(pressure === "Elevated", pressure === "Severe"),
        },
      ];
    }
    case "System":
      return [
        below("Processors busy", now("cpu-usage") ?? realTime.cpuPercent, percent, lane.target, lane.critical),
        below(
          "Memory",
          now("memory-usage") ?? realTime.memoryPercent,
          percent,
          thresholds["MemoryWarningPercent"],
          thresholds["MemoryCriticalPercent"],
        ),
        { label: "Thread pool delay", value: duration(now("thread-pool-queue-delay")) },
      ];
  }
}

function tone(isWarning: boolean, isCritical: boolean): { tone?: "warning" | "critical" } {
  return isCritical ? { tone: "critical" } : isWarning ? { tone: "warning" } : {};
}
