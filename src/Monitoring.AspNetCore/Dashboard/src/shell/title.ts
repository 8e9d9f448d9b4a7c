import type { FeedState } from "../data/source";
import type { Status } from "../data/types";

const marks: Record<Status, string> = { Unknown: "○", Idle: "○", Healthy: "✓", Warning: "▲", Critical: "✖" };

/** The title of the document: how it goes must be seen also while the tab is one of many. */
export function titleOf(state: FeedState | null, page: string): string {
  const snapshot = state?.snapshot;
  if (!snapshot) return `${page} · Monitoring`;
  const alerts = snapshot.activeAlerts.total;
  const said = alerts > 0 ? `${alerts} ${alerts === 1 ? "alert" : "alerts"}` : snapshot.status;
  return state.staleSince ? `○ stale, was ${said} · Monitoring` : `${marks[snapshot.status]} ${said} · Monitoring`;
}
