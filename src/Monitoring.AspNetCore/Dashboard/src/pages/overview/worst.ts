import type { Alert, LiveSnapshot, Schemas } from "../../data/types";

export type Lane = Schemas["Lane"];
export type LaneName = Schemas["LaneName"];

/**
 * The lanes that fare badly, the worst first. Of equals, those first that have an alert which people are told of: one that is kept
 * quiet because of another is a consequence, not the cause.
 */
export function badLanes(snapshot: LiveSnapshot): readonly Lane[] {
  const { lanes = [], activeAlerts = [] } = snapshot.overview ?? {};
  const told = new Set(activeAlerts.filter((alert) => !alert.suppression).map(laneOf));
  const rank = (lane: Lane) => (lane.status === "Critical" ? 0 : 2) + (told.has(lane.name) ? 0 : 1);
  return lanes
    .filter((lane) => lane.status === "Critical" || lane.status === "Warning")
    .sort((a, b) => rank(a) - rank(b));
}

/** The lanes that are as bad as the whole, then those that are a little better: `Redis, Queue. Warning: System` */
export function headline(snapshot: LiveSnapshot): string {
  const bad = badLanes(snapshot);
  const names = (status: Lane["status"]) =>
    bad
      .filter((lane) => lane.status === status)
      .map((lane) => lane.name)
      .join(", ");
  return [names("Critical"), names("Warning")]
    .filter((part) => part !== "")
    .map((part, place) => (place === 0 ? part : `Warning: ${part}`))
    .join(". ");
}

/** Alerts that people are told of before those that are kept quiet; otherwise as they come, the worst first. */
export function causesFirst(alerts: readonly Alert[]): readonly Alert[] {
  return [...alerts].sort((a, b) => Number(a.suppression !== null) - Number(b.suppression !== null));
}

/** Since when it is as bad as it is: the oldest of the lanes that are worst. */
export function worstSince(snapshot: LiveSnapshot): string | null {
  const since = (snapshot.overview?.lanes ?? [])
    .filter((lane) => lane.status === snapshot.status && lane.since !== null)
    .map((lane) => lane.since!);
  return since.sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null;
}

const laneOfCategory: Record<Alert["category"], LaneName> = {
  Webhook: "Webhooks",
  Request: "Webhooks",
  Redis: "Redis",
  Cache: "Redis",
  CircuitBreaker: "Redis",
  TaskQueue: "Queue",
  System: "System",
  Service: "System",
  Query: "System",
  Application: "System",
};

/** Which lane an alert belongs to: circuits are with Redis unless they guard something else. */
export function laneOf(alert: Pick<Alert, "category" | "labels">): LaneName {
  const dependency = alert.labels["dependency"] ?? "redis";
  return alert.category === "CircuitBreaker" && dependency !== "redis" ? "System" : laneOfCategory[alert.category];
}
