import { useState } from "preact/hooks";
import { Choice } from "../../components/Choice";
import { bytes, count, duration, percent } from "../../components/format";
import { Empty, Panel } from "../../components/Panel";
import { Table, type Column } from "../../components/Table";
import { Text } from "../../components/Text";
import type { Schemas } from "../../data/types";

type Pattern = Schemas["RedisKeyPattern"];
type Sizes = Schemas["RedisPayloadSizes"];

const orders = [
  ["byCalls", "By calls"],
  ["byTime", "By time"],
  ["byBytes", "By bytes"],
] as const;

/** The patterns of keys that matter most, and how large values are. */
export function Keys(props: { operations: Schemas["RedisOperationSummary"] }) {
  const { hotKeys, argumentSizes, replySizes } = props.operations;
  const [order, setOrder] = useState<(typeof orders)[number][0]>("byCalls");
  return (
    <Panel
      title="Keys"
      note="Patterns of keys, estimated from a sample. What identifies one of many reads {id}."
      actions={<Choice label="Order of the keys" options={orders} value={order} onChange={setOrder} />}
    >
      <Table
        caption="Patterns of keys"
        columns={columns}
        rows={hotKeys[order]}
        keyOf={(pattern) => pattern.pattern}
        filter={(pattern) => pattern.pattern}
        empty={
          <Empty title="No key has been seen yet.">
            Keys come from a sample of the operations: <code>Monitoring:Redis:SamplesPerSecond</code>, see
            docs/redis.md.
          </Empty>
        }
      />
      <h3>Sizes of values</h3>
      <Table
        caption="Sizes of values"
        columns={sizeColumns}
        rows={[
          { name: "Sent", sizes: argumentSizes },
          { name: "Received", sizes: replySizes },
        ]}
        keyOf={(row) => row.name}
        empty={null}
      />
    </Panel>
  );
}

const columns: readonly Column<Pattern>[] = [
  { title: "Pattern", cell: (pattern) => <Text value={pattern.pattern} />, sort: (pattern) => pattern.pattern },
  { title: "Calls", numeric: true, cell: (pattern) => count(pattern.calls), sort: (pattern) => pattern.calls },
  { title: "Time", numeric: true, cell: (pattern) => duration(pattern.timeMs), sort: (pattern) => pattern.timeMs },
  { title: "Bytes", numeric: true, cell: (pattern) => bytes(pattern.bytes), sort: (pattern) => pattern.bytes },
  {
    title: "Too high by",
    numeric: true,
    cell: (pattern) => (pattern.errorPercent ? `≤ ${percent(pattern.errorPercent)}` : "exact"),
    sort: (pattern) => pattern.errorPercent,
  },
];

interface SizeRow {
  readonly name: string;
  readonly sizes: Sizes;
}

const size = (title: string, of: (sizes: Sizes) => number | null): Column<SizeRow> => ({
  title,
  numeric: true,
  cell: ({ sizes }) => bytes(sizes.count > 0 ? of(sizes) : null),
});

const sizeColumns: readonly Column<SizeRow>[] = [
  { title: "Values", cell: (row) => row.name },
  { title: "Count", numeric: true, cell: ({ sizes }) => count(sizes.count) },
  size("Average", (sizes) => sizes.averageBytes),
  size("p50", (sizes) => sizes.p50Bytes),
  size("p95", (sizes) => sizes.p95Bytes),
  size("p99", (sizes) => sizes.p99Bytes),
  size("Max", (sizes) => sizes.maximumBytes),
];
