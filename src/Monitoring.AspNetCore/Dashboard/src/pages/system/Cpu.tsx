import { Panel } from "../../components/Panel";
import { percent } from "../../components/format";
import type { Schemas } from "../../data/types";
import type { Thresholds } from "../../data/thresholds";
import { Bar } from "./Bar";
import { Fact, Facts } from "./Facts";
import { notches } from "./notches";

/** The processors: what is used of what is allowed. */
export function Cpu(props: {
  cpu: Schemas["CpuSummary"];
  load: Schemas["LoadSummary"] | null;
  samples: number;
  thresholds: Thresholds;
}) {
  const { cpu, load } = props;
  const processors = cpu.allowedProcessors ?? 0;
  const allowed = `${processors.toLocaleString("en", { maximumFractionDigits: 2 })} ${processors === 1 ? "processor" : "processors"}`;
  const share = (value: number | null) => (value === null ? null : percent(value));
  return (
    <Panel
      title="Processor"
      note={
        cpu.isLimited
          ? `100 % are the ${allowed} that the container may use.`
          : `100 % are all ${allowed}. No container limits them.`
      }
    >
      <Bar label="Processor" percent={cpu.usagePercent} {...notches(props.thresholds, "Cpu")} />
      <Facts>
        <Fact label="This process" value={share(cpu.processPercent)} why="it takes two samples" />
        <Fact label="The machine" value={share(cpu.machinePercent)} why="only Linux tells it" />
        {cpu.isLimited && (
          <>
            <Fact
              label="The container, of its limit"
              value={share(cpu.containerPercent)}
              why="its group does not tell"
            />
            <Fact
              label="Throttled"
              value={share(cpu.throttledPercent)}
              why="its group does not tell"
              detail={
                (cpu.throttledPercent ?? 0) > 0
                  ? "of the periods it had to wait for its next quota: the limit is too low"
                  : "of the periods"
              }
            />
          </>
        )}
        {props.samples > 0 && (
          <Fact
            label="Lowest, average, highest"
            value={`${percent(cpu.minimumPercent)}, ${percent(cpu.averagePercent)}, ${percent(cpu.maximumPercent)}`}
          />
        )}
        <Fact
          label="Load over 1, 5, 15 min"
          value={
            load &&
            [load.oneMinute, load.fiveMinutes, load.fifteenMinutes].map((value) => (value ?? 0).toFixed(2)).join(", ")
          }
          why="this platform has no load average"
          detail={
            (load?.oneMinute ?? 0) > processors
              ? `more than the ${allowed} can take at once`
              : "tasks that run or wait for a processor or a disk"
          }
        />
      </Facts>
    </Panel>
  );
}
