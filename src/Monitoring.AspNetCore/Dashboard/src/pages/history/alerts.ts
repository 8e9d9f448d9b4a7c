import type { Mark } from "../../components/Chart";
import type { Alert, Schemas } from "../../data/types";
import type { MetricInfo } from "./metrics";
import type { Bounds } from "./view";

/** Alerts that were active at some time between two moments, the first to fire first. */
export function alertsIn(alerts: Schemas["LiveAlerts"] | null | undefined, bounds: Bounds): readonly Alert[] {
  return [...(alerts?.active ?? []), ...(alerts?.resolved ?? [])]
    .filter((alert) => {
      const end = alert.resolvedAt === null ? Infinity : Date.parse(alert.resolvedAt);
      return Date.parse(alert.startedAt) < bounds.to && end > bounds.from;
    })
    .sort((a, b) => a.startedAt.localeCompare(b.startedAt));
}

/** What a chart of a metric shows of them: those of its kind, in its own words short enough for a chart. */
export function marksOf(alerts: readonly Alert[], metric: MetricInfo): readonly Mark[] {
  return alerts
    .filter((alert) => metric.categories.includes(alert.category))
    .map((alert) => ({
      from: Date.parse(alert.startedAt),
      ...(alert.resolvedAt === null ? {} : { to: Date.parse(alert.resolvedAt) }),
      label: short(alert.instance === null ? alert.rule : `${alert.rule} ${alert.instance}`),
      tone: alert.severity === "Critical" ? ("critical" as const) : ("warning" as const),
    }));
}

const short = (text: string) => (text.length > 32 ? `${text.slice(0, 31)}…` : text);
