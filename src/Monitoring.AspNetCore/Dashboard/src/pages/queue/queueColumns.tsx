import { Badge } from "../../components/Badge";
import { count, duration } from "../../components/format";
import type { Column } from "../../components/Table";
import { Text } from "../../components/Text";
import { nameOf, type Queue } from "./findings";

/** How a queue is, in a row. */
export const queueColumns: readonly Column<Queue>[] = [
  { title: "Queue", cell: (queue) => <Text value={nameOf(queue)} />, sort: nameOf },
  { title: "Kept by", cell: (queue) => <Text value={queue.system ?? "–"} />, sort: (queue) => queue.system },
  {
    title: "Backpressure",
    cell: (queue) => (
      <>
        <Badge state={queue.backpressure.level} tone={queue.backpressure.level === "None" ? "good" : undefined} />
        {queue.isPaused && (
          <>
            {" "}
            <Badge state="Paused" tone="warning" />
          </>
        )}
      </>
    ),
    sort: (queue) => ["None", "Elevated", "Severe"].indexOf(queue.backpressure.level),
  },
  { title: "Waiting", numeric: true, cell: (queue) => count(queue.currentDepth), sort: (queue) => queue.currentDepth },
  { title: "Delayed", numeric: true, cell: (queue) => count(queue.delayed), sort: (queue) => queue.delayed },
  { title: "Running", numeric: true, cell: (queue) => count(queue.running), sort: (queue) => queue.running },
  { title: "Dead", numeric: true, cell: (queue) => count(queue.deadLetters), sort: (queue) => queue.deadLetters },
  {
    title: "Oldest",
    numeric: true,
    cell: (queue) => duration(queue.currentDepth > 0 ? queue.oldestTaskAgeMs : null),
    sort: (queue) => queue.oldestTaskAgeMs,
  },
];
