import type { Mark } from "../../components/Chart";
import type { Alert, Schemas } from "../../data/types";
import type { MetricInfo } from "./metrics";
import type { Bounds } from "./view";

/** Alerts that were active at some time between two moments, the first to fire first. */
export function alertsIn(alerts: Schemas["LiveAlerts"] | null | undefined, bounds: Bounds): readonly Alert[] {
  return [...(alerts?.active ?? []), ...(alerts?.resolved ?? [])]
    .filter((alert) => Date.parse(alert.startedAt) < bounds.to && end(alert) > bounds.from)
    .sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt));
}

/**
 * What a chart of a metric shows of them: those of its kind. Those of one severity that were active at the same time are one
 * mark, whose label says how many there are.
 */
export function marksOf(alerts: readonly Alert[], metric: MetricInfo): readonly Mark[] {
  const fitting = alerts.filter((alert) => metric.categories.includes(alert.category));
  return (["Warning", "Critical"] as const)
    .flatMap((severity) => {
      const groups: { first: Alert; from: number; to: number; names: Set<string> }[] = [];
      for (const alert of fitting.filter((one) => one.severity === severity)) {
        const from = Date.parse(alert.startedAt);
        const last = groups.at(-1);
        if (last && from <= last.to) {
          last.to = Math.max(last.to, end(alert));
          last.names.add(alert.key);
        } else groups.push({ first: alert, from, to: end(alert), names: new Set([alert.key]) });
      }
      return groups;
    })
    .sort((a, b) => a.from - b.from)
    .map(({ first, from, to, names }) => ({
      from,
      ...(to === Infinity ? {} : { to }),
      label: short(first.instance === null ? first.rule : `${first.rule} ${first.instance}`) + more(names.size - 1),
      tone: first.severity === "Critical" ? ("critical" as const) : ("warning" as const),
    }));
}

const end = (alert: Alert) => (alert.resolvedAt === null ? Infinity : Date.parse(alert.resolvedAt));

const short = (text: string) => (text.length > 32 ? `${text.slice(0, 31)}…` : text);

const more = (many: number) => (many > 0 ? ` +${many}` : "");
