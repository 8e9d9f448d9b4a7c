import type { Thresholds } from "../../data/thresholds";

/** Where a bar warns and where it is critical, as far as that is known. */
export function notches(thresholds: Thresholds, name: string): { warning?: number; critical?: number } {
  const warning = thresholds[`${name}WarningPercent`];
  const critical = thresholds[`${name}CriticalPercent`];
  return { ...(warning === undefined ? {} : { warning }), ...(critical === undefined ? {} : { critical }) };
}
