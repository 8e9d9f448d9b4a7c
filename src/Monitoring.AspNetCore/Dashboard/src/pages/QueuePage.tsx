import { Panel } from "../components/Panel";
import { useLive, useSeries } from "../data/context";
import "../styles/parts.css";
import "../styles/queue.css";
import { DeadLetters } from "./queue/DeadLetters";
import { ForeignQueues } from "./queue/ForeignQueues";
import { Flow } from "./queue/Flow";
import { Pressure } from "./queue/Pressure";
import { Priorities } from "./queue/Priorities";
import { Queues } from "./queue/Queues";
import { Types } from "./queue/Types";

const metrics = [
  "task-queue-depth",
  "task-queue-priority-depth",
  "task-queue-oldest-age",
  "task-arrival-rate",
  "task-completion-rate",
  "worker-utilization",
  "task-wait-time",
  "task-processing-time",
];

export function QueuePage() {
  const feed = useLive("Queue");
  const history = useSeries(metrics, feed);
  const queue = feed.snapshot?.queue;
  if (!queue)
    return (
      <p class="hint" role="status">
        Waiting for the first figures…
      </p>
    );
  return (
    <div class="panels queue">
      <Pressure queue={queue} />
      <Flow queue={queue} history={history} />
      <Panel title="Priorities" wide>
        <Priorities queue={queue} />
      </Panel>
      <Panel title="Types of tasks" wide>
        <Types caption="Types of tasks" types={queue.types} overflow={queue.typeOverflow} />
      </Panel>
      <Queues queue={queue} />
      <DeadLetters queue={queue} />
      <ForeignQueues queue={queue} />
    </div>
  );
}
