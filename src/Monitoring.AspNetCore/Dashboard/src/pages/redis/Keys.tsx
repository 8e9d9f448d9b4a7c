import { useState } from "preact/hooks";
import { Choice } from "../../components/Choice";
import { bytes, count, duration, percent } from "../../components/format";
import { Empty, Panel } from "../../components/Panel";
import { Table, type Column } from "../../components/Table";
import { Text } from "../../components/Text";
import type { Schemas } from "../../data/types";

type Pattern = Schemas["RedisKeyPattern"];

const orders = [
  ["byCalls", "By calls"],
  ["byTime", "By time"],
  ["byBytes", "By bytes"],
] as const;

/** The patterns of keys that matter most. */
export function Keys(props: { operations: Schemas["RedisOperationSummary"] }) {
  const { hotKeys } = props.operations;
  const [order, setOrder] = useState<(typeof orders)[number][0]>("byCalls");
  return (
    <Panel
      title="Keys"
      tall
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
