import { count, duration, percent, rate } from "../../components/format";
import { brief, Text } from "../../components/Text";
import { nameOf, outlook, type Queue } from "./findings";
import { Priorities } from "./Priorities";
import { Types } from "./Types";

/** What a row of a queue opens into. */
export function QueueDetails(props: { queue: Queue }) {
  const { queue } = props;
  const { backpressure } = queue;
  const facts: [string, string][] = [
    ["Arrivals", rate(backpressure.arrivalRatePerSecond)],
    ["Completions", rate(backpressure.completionRatePerSecond)],
    ["Outlook", outlook(queue)],
    ["Places", queue.capacity > 0 ? count(queue.capacity) : "not bounded"],
    ["Workers", queue.workers > 0 ? `${count(queue.busyWorkers)} of ${count(queue.workers)} busy` : "none or unknown"],
    ["Utilisation", percent(queue.currentWorkerUtilizationPercent)],
    ["Done", count(queue.completed)],
    ["Given up", count(queue.failed)],
    ["Repeated", count(queue.retried)],
    ["Delivered again", count(queue.redelivered)],
    ["Wait p95", duration(queue.waitP95Ms)],
    ["Processing p95", duration(queue.p95ProcessingTimeMs)],
  ];
  return (
    <div class="queue-details">
      {backpressure.reasons.map((reason) => (
        <p key={reason}>
          <Text value={reason} />
        </p>
      ))}
      <dl class="tally">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd class="number">{value}</dd>
          </div>
        ))}
      </dl>
      <Priorities queue={queue} />
      {queue.types.length > 0 && (
        <Types caption={`Types of ${brief(nameOf(queue))}`} types={queue.types} overflow={queue.typeOverflow} />
      )}
    </div>
  );
}
