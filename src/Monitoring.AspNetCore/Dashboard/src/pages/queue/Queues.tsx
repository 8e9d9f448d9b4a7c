import { Action } from "../../components/Action";
import { Badge } from "../../components/Badge";
import { count, duration, percent, rate } from "../../components/format";
import { Empty, Panel } from "../../components/Panel";
import { Table, type Column } from "../../components/Table";
import { brief, Text } from "../../components/Text";
import { useView } from "../../data/context";
import type { Schemas } from "../../data/types";
import { isForeign, nameOf, outlook, type Queue } from "./findings";
import { Priorities } from "./Priorities";
import { Types } from "./Types";

const columns: readonly Column<Queue>[] = [
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
    cell: (queue) => duration(queue.oldestTaskAgeMs),
    sort: (queue) => queue.oldestTaskAgeMs,
  },
];

/** The queues of this process: each by itself, paused and resumed. */
export function Queues(props: { queue: Queue }) {
  const { source } = useView();
  const own = props.queue.queues.filter((queue) => !isForeign(queue));
  const change = (what: "pause" | "resume", queue?: string) => () =>
    source.send<Schemas["TaskQueuesResponse"]>("POST", `tasks/${what}`, queue === undefined ? {} : { queue });
  return (
    <Panel
      title="Queues"
      wide
      actions={
        own.length > 1 && (
          <>
            <Action
              label="Pause all"
              danger
              question="No queue hands out a task any more; what runs goes on, what is enqueued waits."
              run={change("pause")}
            />
            <Action label="Resume all" question="Every queue hands out tasks again." run={change("resume")} />
          </>
        )
      }
    >
      {own.length > 0 && (
        <ul class="per-queue">
          {own.map((queue) => (
            <li key={queue.name}>
              <b>
                <Text value={nameOf(queue)} />
              </b>
              <Badge state={queue.isPaused ? "Paused" : "Running"} tone={queue.isPaused ? "warning" : "good"} />
              <span>{outlook(queue)}</span>
              {queue.isPaused ? (
                <Action
                  label="Resume"
                  question={
                    <>
                      <Text value={nameOf(queue)} /> hands out tasks again.
                    </>
                  }
                  run={change("resume", nameOf(queue))}
                />
              ) : (
                <Action
                  label="Pause"
                  danger
                  question={
                    <>
                      <Text value={nameOf(queue)} /> hands out no task any more; what runs goes on, what is enqueued
                      waits.
                    </>
                  }
                  run={change("pause", nameOf(queue))}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      <Table
        caption="Queues of this service"
        columns={columns}
        rows={own}
        keyOf={nameOf}
        filter={nameOf}
        details={(queue) => <Details queue={queue} />}
        empty={
          <Empty title="This service has no queue of its own.">
            Add one with <code>AddTaskQueue()</code> or <code>AddRedisTaskQueue("orders", …)</code>: docs/task-queue.md.
          </Empty>
        }
      />
    </Panel>
  );
}

/** Queues of other systems, which are watched from outside. */
export function ForeignQueues(props: { queue: Queue }) {
  const foreign = props.queue.queues.filter(isForeign);
  return (
    <Panel title="Queues of other systems" note="Watched from outside: what a system does not tell stays unknown." wide>
      <Table
        caption="Queues of other systems"
        columns={columns}
        rows={foreign}
        keyOf={(queue) => `${queue.system}\n${queue.name}`}
        filter={(queue) => `${queue.name} ${queue.system}`}
        details={(queue) => <Details queue={queue} />}
        empty={
          <Empty title="No other system's queue is watched.">
            BullMQ, Celery, RQ, Sidekiq, Resque, Asynq, Hangfire and plain Streams can be:{" "}
            <code>AddRedisQueueProbe(QueueSystem.BullMq)</code>, see docs/queue-probes.md.
          </Empty>
        }
      />
    </Panel>
  );
}

function Details(props: { queue: Queue }) {
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
      <dl class="facts">
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
