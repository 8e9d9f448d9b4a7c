import { Action } from "../../components/Action";
import { Badge } from "../../components/Badge";
import { Empty, Panel } from "../../components/Panel";
import { Table } from "../../components/Table";
import { Text } from "../../components/Text";
import { useView } from "../../data/context";
import type { Schemas } from "../../data/types";
import { isForeign, nameOf, outlook, type Queue } from "./findings";
import { queueColumns } from "./queueColumns";
import { QueueDetails } from "./QueueDetails";

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
        columns={queueColumns}
        rows={own}
        keyOf={nameOf}
        filter={nameOf}
        details={(queue) => <QueueDetails queue={queue} />}
        empty={
          <Empty title="This service has no queue of its own.">
            Add one with <code>AddTaskQueue()</code> or <code>AddRedisTaskQueue("orders", …)</code>: docs/task-queue.md.
          </Empty>
        }
      />
    </Panel>
  );
}
