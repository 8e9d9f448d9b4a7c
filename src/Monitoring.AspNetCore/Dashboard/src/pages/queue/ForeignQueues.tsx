import { Empty, Panel } from "../../components/Panel";
import { Table } from "../../components/Table";
import { isForeign, type Queue } from "./findings";
import { queueColumns } from "./queueColumns";
import { QueueDetails } from "./QueueDetails";

/** Queues of other systems, which are watched from outside. */
export function ForeignQueues(props: { queue: Queue }) {
  const foreign = props.queue.queues.filter(isForeign);
  return (
    <Panel
      title="Queues of other systems"
      tall
      note="Watched from outside: what a system does not tell stays unknown."
      wide
    >
      <Table
        caption="Queues of other systems"
        columns={queueColumns}
        rows={foreign}
        keyOf={(queue) => `${queue.system}\n${queue.name}`}
        filter={(queue) => `${queue.name} ${queue.system}`}
        details={(queue) => <QueueDetails queue={queue} />}
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
