import { clock, count, duration, rate, span, words } from "../../components/format";
import type { Finding } from "../../components/Findings";
import type { Schemas } from "../../data/types";

export type Queue = Schemas["TaskQueueSummary"];

/** What a signal of backpressure means, in a few words. */
export const signals: Record<Schemas["BackpressureSignal"], string> = {
  NoWorkers: "there is no worker",
  NoProgress: "nothing starts or ends",
  Arrivals: "more arrives than is completed",
  Depth: "the queue is nearly full",
  Utilization: "workers are busy all the time",
  ProcessingTime: "attempts take nearly as long as they may",
  Sojourn: "every task waits long",
  OldestTask: "the oldest task is old",
  Workers: "there are too few workers",
  Redelivery: "tasks are delivered again",
};

/** The name of a queue; of all together without one. */
export const nameOf = (queue: Queue) => queue.name ?? "all queues";

/** Whether another system keeps the queue, which is only watched then. */
export function isForeign(queue: Queue): boolean {
  return queue.system !== null && queue.system !== "in-process" && queue.system !== "redis-streams";
}

/** What is wrong with the queues, the worst first; or that nothing is. */
export function findings(all: Queue): Finding[] {
  const found: Finding[] = [];
  const queues = all.queues.length > 0 ? all.queues : [all];
  const single = queues.length === 1;
  for (const queue of queues) {
    const name = single ? "" : `${nameOf(queue)}: `;
    const { backpressure } = queue;
    if (backpressure.level !== "None") {
      const since = backpressure.since ? ` Since ${clock(backpressure.since)}.` : "";
      const reason = backpressure.reasons[0] ?? `${words(backpressure.level)} backpressure.`;
      found.push({
        tone: backpressure.level === "Severe" ? "critical" : "warning",
        text: `${name}${reason}${since}`,
      });
    } else if (queue.isPaused)
      found.push({ tone: "warning", text: `${name || "The queue "}is paused: nothing is taken.` });
    if (queue.stuckTasks > 0)
      found.push({
        tone: "warning",
        text: `${name}${count(queue.stuckTasks)} tasks go on although their time was over long ago.`,
      });
    if (queue.deadLettered > 0)
      found.push({
        tone: "warning",
        text: `${name}${count(queue.deadLettered)} tasks were given up within the last ${span(queue.windowMs)}.`,
      });
    if (queue.rejected > 0)
      found.push({
        tone: "warning",
        text: `${name}${count(queue.rejected)} tasks were refused within the last ${span(queue.windowMs)}.`,
      });
  }
  if (found.length > 0) return found.sort((a, b) => rank(b) - rank(a));
  const { arrivalRatePerSecond: arrivals, completionRatePerSecond: completions } = all.backpressure;
  return [
    {
      tone: "good",
      text: `No backpressure: ${count(all.currentDepth)} tasks wait, arrivals ${rate(arrivals)}, completions ${rate(completions)}.`,
    },
  ];
}

const rank = (finding: Finding) => (finding.tone === "critical" ? 1 : 0);

// Rates tremble: a queue that would be full in hours by the rates of a moment is not filling.
const farMs = 3_600_000;

/** When the queue is full, or empty, if it goes on as it does: `full in 14.0 s`. */
export function outlook(queue: Queue): string {
  const { estimatedTimeToFullMs: full, estimatedDrainTimeMs: drain, isDetected } = queue.backpressure;
  if (full !== null && (isDetected || full < farMs)) return `full in ${duration(full)}`;
  if (queue.currentDepth === 0) return "empty";
  if (drain === null) return isDetected ? "does not drain" : "steady";
  return `empty in ${duration(drain)}`;
}
