import { Panel } from "../../components/Panel";
import { bytes, percent } from "../../components/format";
import type { Thresholds } from "../../data/thresholds";
import type { Schemas } from "../../data/types";
import { Bar } from "./Bar";
import { Fact, Facts } from "./Facts";
import { notches } from "./notches";

/** The memory: what is used of what there is. */
export function Memory(props: { memory: Schemas["MemorySummary"]; samples: number; thresholds: Thresholds }) {
  const { memory } = props;
  const limit = memory.containerLimitBytes;
  return (
    <Panel
      title="Memory"
      note={
        limit !== null
          ? `100 % are the ${bytes(limit)} that the container may use.`
          : memory.machineTotalBytes !== null
            ? `100 % are the machine's ${bytes(memory.machineTotalBytes)}. No container limits it.`
            : "No container limits it."
      }
    >
      <Bar label="Memory" percent={memory.usagePercent} {...notches(props.thresholds, "Memory")} />
      <Facts>
        <Fact label="This process" value={bytes(memory.workingSetBytes)} detail="of physical memory" />
        <Fact label="Managed heap" value={bytes(memory.managedHeapBytes)} detail="with what is garbage already" />
        {limit !== null && (
          <Fact
            label="The container"
            value={memory.containerUsedBytes === null ? null : bytes(memory.containerUsedBytes)}
            why="its group does not tell"
            detail={`of ${bytes(limit)}, without the file cache`}
          />
        )}
        <Fact
          label="The machine"
          value={memory.machineUsedBytes === null ? null : bytes(memory.machineUsedBytes)}
          why="this platform does not tell"
          {...(memory.machineTotalBytes === null ? {} : { detail: `of ${bytes(memory.machineTotalBytes)}` })}
        />
        {props.samples > 0 && (
          <Fact
            label="Lowest, average, highest"
            value={`${percent(memory.minimumPercent)}, ${percent(memory.averagePercent)}, ${percent(memory.maximumPercent)}`}
          />
        )}
      </Facts>
    </Panel>
  );
}
