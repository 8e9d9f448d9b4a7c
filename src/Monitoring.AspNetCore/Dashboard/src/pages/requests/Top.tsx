import { Empty, Panel } from "../../components/Panel";
import { Table, type Column } from "../../components/Table";
import { count, duration, percent } from "../../components/format";
import type { Schemas } from "../../data/types";
import { Text } from "../../components/Text";

type Activity = Schemas["RequestActivity"];

const columns = (who: string): Column<Activity>[] => [
  {
    title: who,
    cell: (row) => (
      <code class="who">
        <Text value={row.id} />
      </code>
    ),
    sort: (row) => row.id,
  },
  {
    title: "Requests",
    cell: (row) => ((row.errorPercent ?? 0) > 0 ? `≤ ${count(row.count)}` : count(row.count)),
    sort: (row) => row.count,
    numeric: true,
  },
  { title: "Failed", cell: (row) => count(row.failures), sort: (row) => row.failures, numeric: true },
  { title: "Time", cell: (row) => duration(row.timeMs), sort: (row) => row.timeMs, numeric: true },
  {
    title: "Too high by",
    cell: (row) => ((row.errorPercent ?? 0) > 0 ? `≤ ${percent(row.errorPercent)}` : "exact"),
    sort: (row) => row.errorPercent,
    numeric: true,
  },
];

/** Who asks most. */
export function Top(props: { title: string; who: string; rows: readonly Activity[]; hint: string }) {
  return (
    <Panel title={props.title} note={`By a hash: monitor.Requests.HashId("anna") says which one is Anna.`}>
      <div class="tall">
        <Table
          caption={props.title}
          columns={columns(props.who)}
          rows={props.rows}
          keyOf={(row) => row.id}
          sortBy="Requests"
          empty={<Empty title="Nobody is known.">{props.hint}</Empty>}
        />
      </div>
    </Panel>
  );
}
