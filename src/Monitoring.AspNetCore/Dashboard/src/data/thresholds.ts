import { useMemo } from "preact/hooks";
import type { Level } from "../components/Chart";
import { useLoaded, useView } from "./context";
import type { Schemas } from "./types";

/** The thresholds of the default alert rules as they are set: durations in ms, shares in percent. Empty until they are known. */
export type Thresholds = Readonly<Record<string, number>>;

/** Asks the service, or the report, for the thresholds. */
export function useThresholds(): Thresholds {
  const { source } = useView();
  const { value } = useLoaded(() => source.get<Schemas["ConfigResponse"]>("config"), [source]);
  return useMemo(() => readThresholds(value), [value]);
}

/** Whether anything can be judged by them. Not in a service whose settings cannot be read. */
export function isKnown(thresholds: Thresholds): boolean {
  return Object.keys(thresholds).length > 0;
}

/** Lines of a chart for the thresholds `<name>Warning<unit>` and `<name>Critical<unit>`, as far as they are set. */
export function levelsOf(thresholds: Thresholds, name: string, unit: "" | "Percent" = ""): readonly Level[] {
  return (["Warning", "Critical"] as const).flatMap((severity) => {
    const value = thresholds[`${name}${severity}${unit}`];
    return value === undefined
      ? []
      : [{ label: severity.toLowerCase(), value, tone: severity.toLowerCase() as Level["tone"] }];
  });
}

/** Which of both thresholds a value reaches; null for none. */
export function toneOf(
  value: number | null,
  thresholds: Thresholds,
  name: string,
  unit: "" | "Percent" = "",
): "critical" | "warning" | null {
  const reached = (severity: string) =>
    value !== null && value >= (thresholds[`${name}${severity}${unit}`] ?? Number.POSITIVE_INFINITY);
  return reached("Critical") ? "critical" : reached("Warning") ? "warning" : null;
}

export function readThresholds(config: { settings?: unknown } | null): Thresholds {
  const settings = (config?.settings ?? {}) as { Alerts?: { Thresholds?: Record<string, unknown> } };
  const found: Record<string, number> = {};
  for (const [name, value] of Object.entries(settings.Alerts?.Thresholds ?? {})) {
    if (typeof value === "number") found[name] = value;
    if (typeof value === "string") {
      const ms = timeSpan(value);
      if (ms !== null) found[name] = ms;
    }
  }
  return found;
}

/** `1.02:03:04.5` of .NET in milliseconds. */
export function timeSpan(text: string): number | null {
  const parts = /^(?:(\d+)\.)?(\d{2}):(\d{2}):(\d{2}(?:\.\d+)?)$/.exec(text);
  if (!parts) return null;
  const [, days, hours, minutes, seconds] = parts;
  return (((Number(days ?? 0) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}
