import { Sparkline } from "../../components/Sparkline";
import { Table, type Column } from "../../components/Table";
import { Empty, Panel } from "../../components/Panel";
import { count, duration, percent } from "../../components/format";
import { seriesOf } from "../../data/series";
import type { HistorySummary, Schemas } from "../../data/types";
import { Waterfall } from "./Waterfall";
import { Text } from "../../components/Text";

type Endpoint = Schemas["WebhookEndpointSummary"];

/** Who sends, how fast each is answered, and, opened, where the time of each goes. */
export function Endpoints(props: {
  endpoints: readonly Endpoint[];
  order: readonly string[];
  history: HistorySummary | null;
  overflowed: number;
}) {
  const columns: Column<Endpoint>[] = [
    { title: "Endpoint", cell: (row) => <Text value={row.endpoint} />, sort: (row) => row.endpoint },
    { title: "Webhooks", cell: (row) => count(row.count), sort: (row) => row.count, numeric: true },
    {
      title: "p95 over time",
      cell: (row) => (
        <Sparkline
          values={seriesOf(props.history, "webhook-response-time", row.endpoint)?.average ?? []}
          label={`95th percentile of ${row.endpoint} over time`}
        />
      ),
    },
    { title: "p50", cell: (row) => duration(row.p50Ms), sort: (row) => row.p50Ms, numeric: true },
    { title: "p95", cell: (row) => duration(row.p95Ms), sort: (row) => row.p95Ms, numeric: true },
    { title: "p99", cell: (row) => duration(row.p99Ms), sort: (row) => row.p99Ms, numeric: true },
    { title: "Slowest", cell: (row) => duration(row.maximumMs), sort: (row) => row.maximumMs, numeric: true },
    {
      title: "≤ 500 ms",
      cell: (row) => percent(row.within500MsPercent),
      sort: (row) => row.within500MsPercent,
      numeric: true,
    },
    { title: "≤ 2 s", cell: (row) => percent(row.within2SPercent), sort: (row) => row.within2SPercent, numeric: true },
  ];
  return (
    <Panel title="Endpoints" note="Open one to see where its own time goes." wide>
      <Table
        caption="Endpoints of webhooks"
        columns={columns}
        rows={props.endpoints}
        keyOf={(row) => row.endpoint}
        filter={(row) => row.endpoint}
        sortBy="Webhooks"
        empty={<Empty title="No endpoint took a webhook in this time." />}
        details={(row) =>
          row.phases.length > 0 ? (
            <Waterfall phases={row.phases} order={props.order} />
          ) : (
            <Empty title="No phase was measured.">Measure one: timing.Measure(WebhookPhase.Validation).</Empty>
          )
        }
      />
      {props.overflowed > 0 && (
        <p class="hint">
          {count(props.overflowed)} webhooks found no room among the endpoints and are summed up as OTHER. Raise
          Monitoring:Webhooks:MaxEndpoints, or give endpoints names that are few.
        </p>
      )}
    </Panel>
  );
}
