import type { Schemas } from "../../data/types";

export type ServiceStatus = Schemas["ServiceStatus"];

/** A stretch of time during which a status did not change. */
export interface Stretch {
  readonly status: ServiceStatus;
  readonly from: number;
  readonly to: number;
  readonly reason: string | null;
}

/** What the status was between two moments, from its changes (newest first); before the oldest known change it was what it came from. */
export function stretches(
  changes: readonly Schemas["ServiceTransition"][],
  status: ServiceStatus,
  from: number,
  to: number,
): readonly Stretch[] {
  const found: Stretch[] = [];
  let end = to;
  let now: { status: ServiceStatus; reason: string | null } = { status, reason: null };
  for (const change of changes) {
    const at = Date.parse(change.at);
    now = { status: change.to, reason: change.reason };
    if (at < end) found.push({ ...now, from: Math.max(at, from), to: end });
    end = Math.min(end, at);
    now = { status: change.from, reason: null };
    if (at <= from) return found.filter((stretch) => stretch.to > stretch.from).reverse();
  }
  if (end > from) found.push({ ...now, from, to: end });
  return found.filter((stretch) => stretch.to > stretch.from).reverse();
}
