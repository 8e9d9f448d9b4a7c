import type { Alert, Schemas } from "../../data/types";

/** An alert whose dialog is open, and in which group it was. */
export interface Held {
  readonly alert: Alert;
  readonly isQuiet: boolean;
}

/**
 * Alerts that fire, apart from those that are kept quiet. One whose dialog is open stays where it was, also when it is resolved
 * or silenced meanwhile: a note that is being written must not vanish, and what the service says to it must be seen.
 */
export function arrange(
  alerts: Pick<Schemas["LiveAlerts"], "active" | "resolved">,
  held: Held | null,
): { active: readonly Alert[]; quiet: readonly Alert[] } {
  const id = held?.alert.id;
  const others = alerts.active.filter((alert) => alert.id !== id);
  const kept = held && ([...alerts.active, ...alerts.resolved].find((alert) => alert.id === id) ?? held.alert);
  const put = (isQuiet: boolean) => {
    const group = others.filter((alert) => (alert.suppression !== null) === isQuiet);
    if (!kept || held.isQuiet !== isQuiet) return group;
    const place = alerts.active.findIndex((alert) => alert.id === id);
    const before = place < 0 ? group.length : group.filter((alert) => alerts.active.indexOf(alert) < place).length;
    return [...group.slice(0, before), kept, ...group.slice(before)];
  };
  return { active: put(false), quiet: put(true) };
}
