import { clock, count, inUnit, words } from "../../components/format";
import type { Alert, Schemas } from "../../data/types";

/** A value of an alert in its unit; what the history does not know (tasks, bytes) is a number and a word. */
export function quantity(value: number | null, unit: string): string {
  return ["ms", "%", "/s", ""].includes(unit) || value === null ? inUnit(value, unit) : `${count(value)} ${unit}`;
}

/** `214 ms against 100 ms; at worst 344 ms`. Null where an alert has no value. */
export function against(alert: Alert): string | null {
  if (alert.value === null) return null;
  const limit = alert.threshold === null ? "" : ` against ${quantity(alert.threshold, alert.unit)}`;
  const worst =
    alert.peakValue === null || alert.peakValue === alert.value
      ? ""
      : `; at worst ${quantity(alert.peakValue, alert.unit)}`;
  return `${quantity(alert.value, alert.unit)}${limit}${worst}`;
}

/** Why an alert is kept quiet; a silence by who made it and why, where it is known. */
export function quietBecause(
  suppression: Schemas["AlertSuppression"],
  silences: readonly Schemas["SilenceResponse"][] = [],
): string {
  const silence = silences.find((one) => one.id === suppression.by);
  if (suppression.reason === "Silence" && silence)
    return `Kept quiet by a silence of ${silence.author} until ${clock(silence.endsAt)}: ${silence.reason}`;
  const reasons: Record<Schemas["AlertSuppression"]["reason"], string> = {
    Silence: "by silence",
    Maintenance: "by maintenance window",
    Inhibition: "because of alert",
  };
  return `Kept quiet ${reasons[suppression.reason]} ${suppression.by}`;
}

/** What happened to an alert, with its severity and value where they say more. */
export function happened(event: Schemas["AlertEvent"], unit: string): string {
  const severity = event.severity === null || event.kind === "Resolved" ? "" : ` as ${event.severity.toLowerCase()}`;
  const value = event.value === null ? "" : `, ${quantity(event.value, unit)}`;
  return event.kind === "Fired" || event.kind === "Pending"
    ? `${words(event.kind)}${severity}${value}`
    : event.kind === "SeverityChanged"
      ? `Became ${event.severity?.toLowerCase()}${value}`
      : `${words(event.kind)}${value}`;
}

export function matcherText(matcher: Schemas["LabelMatcher"]): string {
  const operator = matcher.isEqual === false ? (matcher.isRegex ? "!~" : "!=") : matcher.isRegex ? "=~" : "=";
  return `${matcher.label}${operator}${matcher.value}`;
}
