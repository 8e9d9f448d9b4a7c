import { Findings } from "../components/Findings";
import { Empty, Panel } from "../components/Panel";
import { SeriesChart } from "../components/SeriesChart";
import { Time } from "../components/Time";
import { useLive, useSeries } from "../data/context";
import { levelsOf, useThresholds } from "../data/thresholds";
import "../styles/system.css";
import { Cpu } from "./system/Cpu";
import { Disks } from "./system/Disks";
import { findings } from "./system/findings";
import { Memory } from "./system/Memory";
import { Network } from "./system/Network";
import { Gc, Process, ThreadPool } from "./system/Runtime";

/** The machine, the container, the process and the runtime. */
export function SystemPage() {
  const feed = useLive("System");
  const history = useSeries(["cpu-usage", "memory-usage", "thread-pool-queue-delay", "gc-pause"], feed);
  const thresholds = useThresholds();
  const system = feed.snapshot?.system;
  if (!system) return <p class="hint">Waiting for the first figures…</p>;
  if (system.sampledAt === null)
    return (
      <Empty title="No sample was taken yet.">
        One is taken every five seconds by default. If none comes, set Monitoring:System:Enabled to true: see
        docs/system.md.
      </Empty>
    );
  return (
    <>
      <Findings findings={findings(system, thresholds)} />
      <Panel
        title="Over time"
        wide
        note={
          <>
            Sampled last at <Time at={system.sampledAt} />.
          </>
        }
      >
        <div class="charts two">
          <SeriesChart
            label="Processor"
            summary={history}
            lines={[{ metric: "cpu-usage", label: "processor" }]}
            levels={levelsOf(thresholds, "Cpu", "Percent")}
          />
          <SeriesChart
            label="Memory"
            summary={history}
            lines={[{ metric: "memory-usage", label: "memory", color: 3 }]}
            levels={levelsOf(thresholds, "Memory", "Percent")}
          />
          <SeriesChart
            label="Wait for a thread of the pool"
            summary={history}
            lines={[{ metric: "thread-pool-queue-delay", label: "queue delay", color: 2 }]}
          />
          <SeriesChart
            label="Stopped for garbage collection"
            summary={history}
            lines={[{ metric: "gc-pause", label: "pause", color: 5 }]}
          />
        </div>
      </Panel>
      <div class="panels system">
        <Cpu cpu={system.cpu} load={system.load} samples={system.count} thresholds={thresholds} />
        <Memory memory={system.memory} samples={system.count} thresholds={thresholds} />
        <ThreadPool pool={system.threadPool} />
        <Gc gc={system.gc} />
        <Process process={system.process} processCount={system.processCount} />
        <Network network={system.network} />
        <Disks disks={system.disks} io={system.diskIo} leftOut={system.leftOut} thresholds={thresholds} />
      </div>
    </>
  );
}
