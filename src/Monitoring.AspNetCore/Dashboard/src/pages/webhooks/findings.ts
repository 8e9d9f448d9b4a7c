import type { Finding } from "../../components/Findings";
import { count, percent, span } from "../../components/format";
import type { Schemas } from "../../data/types";

// Of "The Site Reliability Workbook", chapter 5, as the alert `webhook-objective` has them.
const burns = [
  { windowMs: 3_600_000, rate: 14.4 },
  { windowMs: 21_600_000, rate: 6 },
];

/** What the figures say of the targets, in sentences. */
export function findings(webhooks: Schemas["WebhookTimingSummary"]): readonly Finding[] {
  const found = [pace(webhooks)];
  const { objective } = webhooks;
  const burning = objective.burnRates.find((burn) =>
    burns.some((one) => one.windowMs === burn.windowMs && (burn.rate ?? 0) >= one.rate),
  );
  if (objective.count > 0 && (objective.errorBudgetRemainingPercent ?? 100) <= 0) {
    found.push({
      tone: "critical",
      text: `The error budget is used up: ${count(objective.misses)} of ${count(objective.count)} webhooks took longer than ${span(objective.targetMs)}, where ${percent(100 - (objective.objectivePercent ?? 0))} may.`,
    });
  } else if (burning) {
    found.push({
      tone: "warning",
      text: `The error budget goes ${(burning.rate ?? 0).toFixed(1)} times as fast as it may (last ${span(burning.windowMs)}).`,
    });
  }
  return found;
}

function pace(webhooks: Schemas["WebhookTimingSummary"]): Finding {
  const { count: all, objective } = webhooks;
  if (all === 0) return { tone: "neutral", text: "No webhook came in this time." };
  const late = missed(all, webhooks.within2SPercent);
  if (late > 0)
    return {
      tone: "critical",
      text: `${count(late)} of ${count(all)} webhooks took longer than the 2 s that senders wait.`,
    };
  const slow = missed(all, webhooks.within500MsPercent);
  if (slow === 0) return { tone: "good", text: `All ${count(all)} webhooks were answered within 500 ms.` };
  const goal = objective.targetMs === 500 ? (objective.objectivePercent ?? 100) : 100;
  return {
    tone: (webhooks.within500MsPercent ?? 0) < goal ? "warning" : "good",
    text: `${count(slow)} of ${count(all)} webhooks missed the target of 500 ms; all were answered within 2 s.`,
  };
}

// Shares are counted, not estimated, so the number behind one can be had back.
function missed(all: number, keptPercent: number | null): number {
  return Math.round((all * (100 - (keptPercent ?? 100))) / 100);
}
