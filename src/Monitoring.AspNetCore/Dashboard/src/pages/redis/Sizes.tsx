import { bytes, count } from "../../components/format";
import { Panel } from "../../components/Panel";
import { Table, type Column } from "../../components/Table";
import type { Schemas } from "../../data/types";

type Sizes = Schemas["RedisPayloadSizes"];

/** How large values are. */
export function PayloadSizes(props: { operations: Schemas["RedisOperationSummary"] }) {
  const { argumentSizes, replySizes } = props.operations;
  return (
    <Panel title="Sizes of values" note="Of the sample; what was sent and what was received.">
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
