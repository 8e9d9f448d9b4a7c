import { Empty, Panel } from "../components/Panel";
import { SeriesChart } from "../components/SeriesChart";
import { Time } from "../components/Time";
import { bytes, duration, percent } from "../components/format";
import { useLive, useSeries } from "../data/context";
import { levelsOf, useThresholds, type Thresholds } from "../data/thresholds";
import type { Schemas } from "../data/types";
import "../styles/system.css";
import { Cpu } from "./system/Cpu";
import { Disks } from "./system/Disks";
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
      <p class="verdict">{verdict(system, thresholds)}</p>
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
      <div class="panels">
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

/** What is short, in words; and that nothing is. */
export function verdict(system: Schemas["SystemSummary"], thresholds: Thresholds): string {
  const full = (value: number | null, name: string) =>
    (value ?? 0) >= (thresholds[`${name}WarningPercent`] ?? Infinity);
  const said = [
    full(system.cpu.usagePercent, "Cpu") && `The processor is at ${percent(system.cpu.usagePercent)}.`,
    (system.cpu.throttledPercent ?? 0) > 0 &&
      `The container was made to wait for its processor quota in ${percent(system.cpu.throttledPercent)} of the periods.`,
    full(system.memory.usagePercent, "Memory") && `Memory is at ${percent(system.memory.usagePercent)}.`,
    system.threadPool.isStarving &&
      `The thread pool starves: work waits ${duration(system.threadPool.queueDelayMs)} for a thread.`,
    ...system.disks
      .filter((disk) => full(disk.usedPercent, "Disk"))
      .slice(0, 3)
      .map((disk) => `Disk ${disk.name.slice(0, 60)} has ${bytes(disk.availableBytes)} left.`),
  ].filter((sentence) => typeof sentence === "string");
  return said.length > 0 ? said.join(" ") : "Nothing of the machine, the process or the runtime is short.";
}
