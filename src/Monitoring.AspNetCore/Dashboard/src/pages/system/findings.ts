import type { Finding } from "../../components/Findings";
import { brief } from "../../components/Text";
import { bytes, duration, percent } from "../../components/format";
import { isKnown, toneOf, type Thresholds } from "../../data/thresholds";
import type { Schemas } from "../../data/types";

const listed = 3;

/** What is short, in sentences; or that nothing is. */
export function findings(system: Schemas["SystemSummary"], thresholds: Thresholds): readonly Finding[] {
  const { cpu, memory, threadPool } = system;
  const found: Finding[] = [];
  const put = (tone: Finding["tone"] | null, text: string) => tone && found.push({ tone, text });
  put(toneOf(cpu.usagePercent, thresholds, "Cpu", "Percent"), `The processor is at ${percent(cpu.usagePercent)}.`);
  put(
    (cpu.throttledPercent ?? 0) > 0 ? "warning" : null,
    `The container had to wait for its processor quota in ${percent(cpu.throttledPercent)} of the periods: the limit is too low.`,
  );
  put(toneOf(memory.usagePercent, thresholds, "Memory", "Percent"), `Memory is at ${percent(memory.usagePercent)}.`);
  put(
    threadPool.isStarving ? "critical" : null,
    `The thread pool starves: work waits ${duration(threadPool.queueDelayMs)} for a thread.`,
  );
  for (const disk of system.disks.slice(0, listed))
    put(
      toneOf(disk.usedPercent, thresholds, "Disk", "Percent"),
      `Disk ${brief(disk.name)} has ${bytes(disk.availableBytes)} left.`,
    );
  if (found.length > 0) return found;
  return isKnown(thresholds)
    ? [{ tone: "good", text: "Nothing of the machine, the process or the runtime is short." }]
    : [
        {
          tone: "neutral",
          text: `The processor is at ${percent(cpu.usagePercent)}, memory at ${percent(memory.usagePercent)}. What is too much is not known here.`,
        },
      ];
}
