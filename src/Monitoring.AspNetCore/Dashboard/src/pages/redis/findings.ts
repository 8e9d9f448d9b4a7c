import { clock, count, duration, span, words } from "../../components/format";
import { brief } from "../../components/Text";
import type { Finding } from "../../components/Findings";
import type { Thresholds } from "../../data/thresholds";
import type { Schemas } from "../../data/types";

type Redis = Schemas["LiveRedis"];

/** Failures by kind as a list, the most frequent first: `300 refused by an open circuit, 12 timed out`. */
export function failureKinds(failures: Schemas["RedisFailureCounts"]): string {
  const kinds: [number, string][] = [
    [failures.timeout, "timed out"],
    [failures.connection, "had no connection"],
    [failures.server, "were answered by an error"],
    [failures.rejected, "were refused by an open circuit"],
  ];
  return kinds
    .filter(([number]) => number > 0)
    .sort((a, b) => b[0] - a[0])
    .map(([number, text]) => `${count(number)} ${text}`)
    .join(", ");
}

/** What is wrong with Redis now, the worst first; or that nothing is. */
export function findings(redis: Redis, at: string, thresholds: Thresholds = {}): Finding[] {
  const { operations, servers } = redis;
  const found: Finding[] = [];
  for (const circuit of operations.circuitBreakers) {
    if (circuit.state === "Closed") continue;
    const since = clock(new Date(Date.parse(at) - circuit.timeInStateMs));
    const why = circuit.lastError ? ` Last error: ${circuit.lastError}.` : "";
    const what = {
      Open: "is open since " + since + ": calls are refused without asking Redis.",
      Isolated: "was isolated by hand at " + since + ": calls are refused until somebody closes it.",
      HalfOpen: "is half-open since " + since + ": a probe decides whether calls go to Redis again.",
    }[circuit.state];
    found.push({
      tone: circuit.state === "HalfOpen" ? "warning" : "critical",
      text: `Circuit ${circuit.name} ${what}${circuit.state === "Isolated" ? "" : why}`,
    });
  }
  for (const connection of operations.connections) {
    if (!connection.isConnected) found.push({ tone: "critical", text: `Connection ${connection.name} is down.` });
    else if (connection.isReconnectStorm)
      found.push({ tone: "warning", text: `Connection ${connection.name} is lost and restored again and again.` });
  }
  for (const server of servers.servers) {
    if (server.isLoading) found.push({ tone: "critical", text: `${server.endPoint} loads its data and cannot serve.` });
    if (server.isReplicationLinkUp === false)
      found.push({ tone: "warning", text: `${server.endPoint} has lost the server that it is a replica of.` });
    if (server.lastSaveSucceeded === false)
      found.push({ tone: "warning", text: `${server.endPoint} could not save its data the last time.` });
  }
  const { failures, totalOperations } = operations;
  if (failures.total > 0) {
    const cause = mostFrequent(operations.timeouts.map((timeout) => timeout.cause));
    const why = failures.timeout > 0 && cause ? ` Most timeouts: ${words(cause).toLowerCase()}.` : "";
    found.push({
      tone: "warning",
      text: `${count(failures.total)} of ${count(totalOperations)} operations failed within the last ${span(operations.windowMs)}: ${failureKinds(failures)}.${why}`,
    });
  }
  found.push(...slow(operations, thresholds));
  if (found.length > 0) return found.sort((a, b) => rank(b) - rank(a));
  if (totalOperations === 0)
    return [{ tone: "good", text: `No operation within the last ${span(operations.windowMs)}, and nothing is wrong.` }];
  return [
    {
      tone: "good",
      text: `None of ${count(totalOperations)} operations failed, no circuit is open, every connection stands.`,
    },
  ];
}

// A percentile of fewer calls says little; the rules of the alerts ask for as many.
const fewest = 20;

// Commands whose latency is above a threshold of the alerts; the slowest are enough.
function slow(operations: Schemas["RedisOperationSummary"], thresholds: Thresholds): Finding[] {
  const { RedisLatencyWarning: warning, RedisLatencyCritical: critical } = thresholds;
  return Object.values(operations.operationsByType)
    .filter((statistics) => warning !== undefined && statistics.p95Ms > warning && statistics.count >= fewest)
    .sort((a, b) => b.p95Ms - a.p95Ms)
    .slice(0, 3)
    .map((statistics): Finding => {
      const isCritical = critical !== undefined && statistics.p95Ms > critical;
      return {
        tone: isCritical ? "critical" : "warning",
        text: `${brief(statistics.operation)} is slow: its 95th percentile over the last ${span(operations.windowMs)} is ${duration(statistics.p95Ms)}; the ${isCritical ? "critical" : "warning"} threshold is ${span((isCritical ? critical : warning)!)}.`,
      };
    });
}

const rank = (finding: Finding) => (finding.tone === "critical" ? 1 : 0);

/** What is there most often. */
export function mostFrequent<T>(values: readonly T[]): T | null {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}
