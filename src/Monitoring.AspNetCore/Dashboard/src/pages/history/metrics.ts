import type { Schemas } from "../../data/types";

type Category = Schemas["AlertCategory"];

/** What can be chosen: a metric of the history, how it is called, and which alerts belong to it. */
export interface MetricInfo {
  readonly name: string;
  readonly title: string;
  readonly categories: readonly Category[];
  /** Begin of the names of its thresholds in `Monitoring:Alerts:Thresholds`, and their end. */
  readonly threshold?: readonly [name: string, unit: "" | "Percent"];
}

export interface MetricGroup {
  readonly title: string;
  readonly metrics: readonly MetricInfo[];
}

type Entry = readonly [name: string, title: string, threshold?: readonly [string, "" | "Percent"]];

const group = (title: string, categories: readonly Category[], entries: readonly Entry[]): MetricGroup => ({
  title,
  metrics: entries.map(([name, text, threshold]) => ({
    name,
    title: text,
    categories,
    ...(threshold ? { threshold } : {}),
  })),
});

/** Everything the history keeps, by lane. */
export const groups: readonly MetricGroup[] = [
  group(
    "Webhooks",
    ["Webhook"],
    [
      ["webhook-response-time", "Webhook response time (p95)", ["WebhookResponseTime", ""]],
      ["webhook-rate", "Webhooks per second"],
      ["webhook-within-target", "Webhooks within the target"],
    ],
  ),
  group(
    "Redis",
    ["Redis", "CircuitBreaker"],
    [
      ["redis-latency", "Redis latency (p95)", ["RedisLatency", ""]],
      ["redis-rate", "Redis operations per second"],
      ["redis-failure-rate", "Redis failures", ["RedisFailureRate", "Percent"]],
      ["redis-operation-latency", "Latency of a Redis command (p95)", ["RedisLatency", ""]],
      ["redis-operation-rate", "Rate of a Redis command"],
      ["circuit-state", "Circuit (0 closed, 1 half-open, 2 open)"],
    ],
  ),
  group(
    "Queue",
    ["TaskQueue"],
    [
      ["task-queue-depth", "Tasks that wait", ["QueueDepth", ""]],
      ["task-queue-priority-depth", "Tasks that wait, by priority"],
      ["task-arrival-rate", "Tasks that arrive per second"],
      ["task-completion-rate", "Tasks completed per second"],
      ["worker-utilization", "Utilisation of the workers", ["WorkerUtilization", "Percent"]],
      ["task-wait-time", "Wait of tasks"],
      ["task-processing-time", "Processing time of tasks", ["TaskProcessingTime", ""]],
      ["task-queue-oldest-age", "Age of the oldest task", ["OldestTaskAge", ""]],
    ],
  ),
  group(
    "Requests and services",
    ["Request", "Cache", "Query", "Service"],
    [
      ["request-latency", "Request latency (p95)", ["RequestLatency", ""]],
      ["request-rate", "Requests per second"],
      ["request-error-rate", "Failed requests", ["RequestErrorRate", "Percent"]],
      ["cache-hit-rate", "Cache hits"],
      ["service-health", "Service (0 healthy, 1 warning, 2 critical)"],
    ],
  ),
  group(
    "System",
    ["System"],
    [
      ["cpu-usage", "Processor", ["Cpu", "Percent"]],
      ["memory-usage", "Memory", ["Memory", "Percent"]],
      ["disk-usage", "Disk", ["Disk", "Percent"]],
      ["thread-pool-queue-delay", "Wait for a thread of the pool"],
      ["gc-pause", "Stopped for garbage collection"],
    ],
  ),
];

/** One of each lane. */
export const defaultMetrics = ["webhook-response-time", "redis-latency", "task-queue-depth", "cpu-usage"] as const;

const known = new Map(groups.flatMap((one) => one.metrics).map((metric) => [metric.name, metric]));

/** What is known of a metric; null for a name that is none. */
export function metricOf(name: string): MetricInfo | null {
  return known.get(name) ?? null;
}
