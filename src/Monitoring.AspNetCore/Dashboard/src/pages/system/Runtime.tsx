import { Badge } from "../../components/Badge";
import { Panel } from "../../components/Panel";
import { bytes, count, duration, percent, rate } from "../../components/format";
import type { Schemas } from "../../data/types";
import { Bar } from "./Bar";
import { Fact, Facts } from "./Facts";

/** The thread pool: whether work waits for threads. */
export function ThreadPool(props: { pool: Schemas["ThreadPoolSummary"] }) {
  const { pool } = props;
  return (
    <Panel
      title="Thread pool"
      note={
        pool.isStarving
          ? `It starves: work waits ${duration(pool.queueDelayMs)} for a thread. Look for code that blocks threads: .Result, .Wait(), synchronous input and output.`
          : `Work waits ${duration(pool.queueDelayMs)} for a thread. Half a second would be starvation.`
      }
      actions={<Badge state={pool.isStarving ? "Starving" : "Healthy"} tone={pool.isStarving ? "critical" : "good"} />}
    >
      <Facts>
        <Fact
          label="Queue delay"
          value={duration(pool.queueDelayMs)}
          detail="until a thread was free, when last tried"
        />
        <Fact label="Work that waits" value={count(pool.queueLength)} />
        <Fact
          label="Threads"
          value={count(pool.threads)}
          detail={`${count(pool.minimumThreads)} without hesitation, ${count(pool.maximumThreads)} at most`}
        />
        <Fact
          label="Completed"
          value={rate(pool.completedPerSecond)}
          detail={`${count(pool.completed)} since the start`}
        />
      </Facts>
    </Panel>
  );
}

/** The garbage collector: how long it stops the process, and how much it has to collect. */
export function Gc(props: { gc: Schemas["GcSummary"] }) {
  const { gc } = props;
  return (
    <Panel title="Garbage collector" note={`All threads were stopped for ${percent(gc.pausePercent)} of the time.`}>
      <Facts>
        <Fact label="Pauses" value={percent(gc.pausePercent)} detail={`${duration(gc.pauseTotalMs)} since the start`} />
        <Fact
          label="Allocated"
          value={`${bytes(gc.allocatedBytesPerSecond)}/s`}
          detail={`${bytes(gc.allocatedBytes)} since the start`}
        />
        <Fact
          label="Heap"
          value={gc.heapBytes === 0 ? null : bytes(gc.heapBytes)}
          why="nothing was collected yet"
          detail={`after the last collection; ${bytes(gc.committedBytes)} committed`}
        />
        <Fact
          label="Fragmentation"
          value={gc.heapBytes === 0 ? null : percent(gc.fragmentationPercent)}
          why="nothing was collected yet"
          detail={`${bytes(gc.fragmentedBytes)} of free space within the heap`}
        />
        <Fact
          label="Collections"
          value={`${count(gc.gen0Collections)}, ${count(gc.gen1Collections)}, ${count(gc.gen2Collections)}`}
          detail="of generation 0, 1 and 2 since the start"
        />
      </Facts>
    </Panel>
  );
}

/** This process. */
export function Process(props: { process: Schemas["ProcessSummary"]; processCount: number | null }) {
  const { process } = props;
  const elsewhere = "this platform does not tell";
  return (
    <Panel title="Process">
      {process.handlesPercent !== null && <Bar label="Handles of the limit" percent={process.handlesPercent} />}
      <Facts>
        <Fact
          label="Runs for"
          value={duration(process.uptimeMs)}
          {...(process.startedAt === null
            ? {}
            : { detail: `since ${new Date(process.startedAt).toLocaleString("en-GB")}` })}
        />
        <Fact label="The machine runs for" value={duration(process.machineUptimeMs)} />
        <Fact label="Threads" value={known(process.threads)} why={elsewhere} detail="native ones included" />
        <Fact
          label="Handles"
          value={known(process.handles)}
          why={elsewhere}
          detail={
            process.handleLimit === null
              ? "no limit is known"
              : `of ${count(process.handleLimit)} that it may have; on Linux file descriptors`
          }
        />
        <Fact label="Processes it can see" value={known(props.processCount)} why={elsewhere} />
      </Facts>
    </Panel>
  );
}

const known = (value: number | null) => (value === null ? null : count(value));
