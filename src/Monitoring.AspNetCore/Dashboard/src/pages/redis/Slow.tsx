import { count, duration } from "../../components/format";
import { Empty, Panel } from "../../components/Panel";
import { Table, type Column } from "../../components/Table";
import { Text } from "../../components/Text";
import { Time } from "../../components/Time";
import type { Schemas } from "../../data/types";

type Slow = Schemas["SlowOperation"];

/** What took long, by command and pattern of its key. */
export function SlowOperations(props: { operations: Schemas["RedisOperationSummary"] }) {
  const { slowOperations, overflowedSlowOperations } = props.operations;
  return (
    <Panel
      title="Slow operations"
      tall
      note="By command and pattern of the key; those that took the most time together first."
    >
      <Table
        caption="Slow operations"
        columns={columns}
        rows={slowOperations}
        keyOf={(slow) => slow.fingerprint}
        filter={(slow) => slow.text}
        empty={
          <Empty title="No operation was slow within the window.">
            What counts as slow is <code>Monitoring:Redis:SlowThreshold</code>.
          </Empty>
        }
      />
      {overflowedSlowOperations > 0 && (
        <p class="note">{count(overflowedSlowOperations)} kinds made room for newer ones.</p>
      )}
    </Panel>
  );
}

const columns: readonly Column<Slow>[] = [
  { title: "Operation", cell: (slow) => <Text value={slow.text} />, sort: (slow) => slow.text },
  { title: "Times", numeric: true, cell: (slow) => count(slow.count), sort: (slow) => slow.count },
  { title: "Failed", numeric: true, cell: (slow) => count(slow.failures), sort: (slow) => slow.failures },
  { title: "Average", numeric: true, cell: (slow) => duration(slow.averageMs), sort: (slow) => slow.averageMs },
  { title: "p95", numeric: true, cell: (slow) => duration(slow.p95Ms), sort: (slow) => slow.p95Ms },
  { title: "Worst", numeric: true, cell: (slow) => duration(slow.worstMs), sort: (slow) => slow.worstMs },
  { title: "Last", numeric: true, cell: (slow) => <Time at={slow.lastAt} />, sort: (slow) => slow.lastAt },
];
