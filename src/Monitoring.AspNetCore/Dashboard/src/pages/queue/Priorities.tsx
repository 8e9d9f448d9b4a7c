import { count, duration, none } from "../../components/format";
import { Empty } from "../../components/Panel";
import { Shares } from "../../components/Shares";
import { Table, type Column } from "../../components/Table";
import { brief } from "../../components/Text";
import type { Schemas } from "../../data/types";
import { nameOf, type Queue } from "./findings";

type Priority = Schemas["TaskPrioritySummary"];

/** What waits and what happened, by priority. */
export function Priorities(props: { queue: Queue }) {
  const { queue } = props;
  const depth = queue.depthByPriority;
  const percentOf = (part: number) => (depth.total > 0 ? (part * 100) / depth.total : 0);
  return (
    <>
      {depth.total > 0 && (
        <Shares
          label="Waiting by priority"
          shares={[
            { label: `High (${count(depth.high)})`, percent: percentOf(depth.high), color: 5 },
            { label: `Normal (${count(depth.normal)})`, percent: percentOf(depth.normal), color: 0 },
            { label: `Low (${count(depth.low)})`, percent: percentOf(depth.low), color: 6 },
          ]}
        />
      )}
      <Table
        caption={`Priorities of ${brief(nameOf(queue))}`}
        columns={columns}
        rows={queue.priorities}
        keyOf={(priority) => priority.priority}
        empty={
          <Empty title="No queue is watched.">
            Add one with <code>AddTaskQueue()</code>, or watch your own with <code>WithMonitoring(monitor)</code>:
            docs/task-queue.md.
          </Empty>
        }
      />
    </>
  );
}

const number = (title: string, of: (priority: Priority) => number): Column<Priority> => ({
  title,
  numeric: true,
  cell: (priority) => count(of(priority)),
  sort: of,
});

// Of no task there is no time, rather than one of zero.
const time = (title: string, of: (priority: Priority) => number, counted: (priority: Priority) => number) => ({
  title,
  numeric: true,
  cell: (priority: Priority) => (counted(priority) > 0 ? duration(of(priority)) : none),
  sort: of,
});

const ended = (priority: Priority) => priority.completed + priority.failed;

const columns: readonly Column<Priority>[] = [
  { title: "Priority", cell: (priority) => priority.priority },
  number("Waiting", (priority) => priority.depth),
  time(
    "Oldest",
    (priority) => priority.oldestTaskAgeMs,
    (priority) => priority.depth,
  ),
  number("Accepted", (priority) => priority.enqueued),
  number("Done", (priority) => priority.completed),
  number("Given up", (priority) => priority.failed),
  number("Refused", (priority) => priority.rejected + priority.refused),
  time("Wait p50", (priority) => priority.waitP50Ms, ended),
  time("Wait p95", (priority) => priority.waitP95Ms, ended),
  time("Wait p99", (priority) => priority.waitP99Ms, ended),
  time("Processing", (priority) => priority.averageProcessingTimeMs, ended),
  time("Processing p95", (priority) => priority.p95ProcessingTimeMs, ended),
];
