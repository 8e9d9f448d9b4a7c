import { useMemo } from "preact/hooks";
import { count, duration, percent } from "../../components/format";
import { Empty } from "../../components/Panel";
import { Sparkline } from "../../components/Sparkline";
import { Table, type Column } from "../../components/Table";
import { brief, Text } from "../../components/Text";
import { seriesOf } from "../../data/series";
import type { HistorySummary, Schemas } from "../../data/types";

type Statistics = Schemas["RedisOperationStatistics"];

interface Row {
  readonly statistics: Statistics;
  readonly sharePercent: number;
  readonly latency: readonly (number | null)[];
}

const columns: readonly Column<Row>[] = [
  {
    title: "Command",
    cell: ({ statistics }) => <Text value={statistics.operation} />,
    sort: ({ statistics }) => statistics.operation,
  },
  {
    title: "p95 over time",
    cell: ({ statistics, latency }) => (
      <Sparkline values={latency} label={`Latency of ${brief(statistics.operation)} over time`} />
    ),
  },
  {
    title: "Calls",
    numeric: true,
    cell: ({ statistics }) => count(statistics.count),
    sort: ({ statistics }) => statistics.count,
  },
  { title: "Share", numeric: true, cell: (row) => percent(row.sharePercent), sort: (row) => row.sharePercent },
  latency("Average", (statistics) => statistics.averageMs),
  latency("p50", (statistics) => statistics.p50Ms),
  latency("p95", (statistics) => statistics.p95Ms),
  latency("p99", (statistics) => statistics.p99Ms),
  latency("Max", (statistics) => statistics.maximumMs),
  {
    title: "Failed",
    numeric: true,
    cell: ({ statistics }) => (
      <span class={statistics.failures > 0 ? "bad" : ""}>{percent(statistics.failureRatePercent)}</span>
    ),
    sort: ({ statistics }) => statistics.failureRatePercent,
  },
];

function latency(title: string, of: (statistics: Statistics) => number): Column<Row> {
  return {
    title,
    numeric: true,
    cell: ({ statistics }) => duration(of(statistics)),
    sort: ({ statistics }) => of(statistics),
  };
}

/** Each command: how often, how fast, how it failed. */
export function Operations(props: {
  caption: string;
  operations: Readonly<Record<string, Statistics>>;
  /** Latency by command over time; of all servers together. */
  history: HistorySummary | null;
}) {
  const { operations, history } = props;
  const rows = useMemo(() => {
    const all = Object.values(operations);
    const total = all.reduce((sum, statistics) => sum + statistics.count, 0);
    return all.map((statistics): Row => ({
      statistics,
      sharePercent: total > 0 ? (statistics.count * 100) / total : 0,
      latency: seriesOf(history, "redis-operation-latency", statistics.operation)?.average ?? [],
    }));
  }, [operations, history]);
  return (
    <Table
      caption={props.caption}
      columns={history ? columns : columns.filter((column) => column.title !== "p95 over time")}
      rows={rows}
      keyOf={(row) => row.statistics.operation}
      filter={(row) => row.statistics.operation}
      sortBy="Calls"
      details={(row) => <Details statistics={row.statistics} />}
      empty={
        <Empty title="No Redis operation within the window.">
          Wrap the connection where it is made: <code>AddRedis("localhost:6379")</code>, see docs/redis.md. If it is
          wrapped, look further back with the window at the top.
        </Empty>
      }
    />
  );
}

function Details(props: { statistics: Statistics }) {
  const { failuresByKind: kinds, errors, items, sent, failures } = props.statistics;
  const named = Object.entries(errors).sort((a, b) => b[1] - a[1]);
  return (
    <div class="split">
      <dl class="tally">
        <Fact label="Failed" value={count(failures)} />
        <Fact label="Timed out" value={count(kinds.timeout)} />
        <Fact label="No connection" value={count(kinds.connection)} />
        <Fact label="Error of the server" value={count(kinds.server)} />
        <Fact label="Refused by the circuit" value={count(kinds.rejected)} />
        <Fact label="Given up by the caller" value={count(kinds.canceled)} />
        {items > 0 && <Fact label="Commands in them" value={count(items)} />}
        {sent > 0 && <Fact label="Sent only" value={count(sent)} />}
      </dl>
      <div>
        <h3>Errors</h3>
        {named.length === 0 ? (
          <p class="note">None within the window.</p>
        ) : (
          <ul class="counted">
            {named.map(([error, number]) => (
              <li key={error}>
                <b class="number">{count(number)}</b> <Text value={error} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

export function Fact(props: { label: string; value: string }) {
  return (
    <div>
      <dt>{props.label}</dt>
      <dd class="number">{props.value}</dd>
    </div>
  );
}
