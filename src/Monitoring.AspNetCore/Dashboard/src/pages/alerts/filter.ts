import type { Alert } from "../../data/types";

/** Which alerts are shown; null is all of them. */
export interface AlertFilter {
  readonly text: string;
  readonly severity: Alert["severity"] | null;
  readonly category: Alert["category"] | null;
}

export const everything: AlertFilter = { text: "", severity: null, category: null };

export function isFiltered(filter: AlertFilter): boolean {
  return filter.text.trim() !== "" || filter.severity !== null || filter.category !== null;
}

export function matches(alert: Alert, filter: AlertFilter): boolean {
  const text = filter.text.trim().toLowerCase();
  return (
    (filter.severity === null || alert.severity === filter.severity) &&
    (filter.category === null || alert.category === filter.category) &&
    (text === "" || [alert.key, alert.message, alert.rule].some((part) => part.toLowerCase().includes(text)))
  );
}
