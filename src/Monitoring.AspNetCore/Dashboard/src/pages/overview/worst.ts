import type { Alert, LiveSnapshot, Schemas } from "../../data/types";

export type Lane = Schemas["Lane"];
export type LaneName = Schemas["LaneName"];

/** The lanes that are as bad as the whole, then those that are a little better: `Redis, Queue. Warning: System.` */
export function headline(snapshot: LiveSnapshot): string {
  const lanes = snapshot.overview?.lanes ?? [];
  const names = (status: Lane["status"]) =>
    lanes
      .filter((lane) => lane.status === status)
      .map((lane) => lane.name)
      .join(", ");
  if (snapshot.status !== "Critical") return snapshot.status === "Warning" ? names("Warning") : "";
  return names("Warning") ? `${names("Critical")}. Warning: ${names("Warning")}` : names("Critical");
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
