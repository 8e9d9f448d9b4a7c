import { Empty, Figure, Figures, Panel } from "../../components/Panel";
import { Sparkline } from "../../components/Sparkline";
import { Table, type Column } from "../../components/Table";
import { count, duration, none, percent, rate } from "../../components/format";
import { seriesOf } from "../../data/series";
import type { HistorySummary, Schemas } from "../../data/types";
import { StatusClasses } from "./StatusClasses";
import { Text } from "../../components/Text";

type Endpoint = Schemas["RequestEndpointSummary"];

/** An endpoint as alerts and the history name it: `GET /orders/{id}`. */
const nameOf = (row: Endpoint) => (row.method === null ? row.endpoint : `${row.method} ${row.endpoint}`);

const failedPercent = (row: Endpoint) => (row.count === 0 ? null : (row.failures / row.count) * 100);

const cachePercent = (row: Endpoint) => (row.cacheHits + row.cacheMisses === 0 ? null : row.cacheHitRatePercent);

/** Requests by endpoint and method. */
export function Endpoints(props: { requests: Schemas["RequestSummary"]; history: HistorySummary | null }) {
  const { requests } = props;
  const columns: Column<Endpoint>[] = [
    { title: "Endpoint", cell: (row) => <Text value={nameOf(row)} />, sort: nameOf },
    { title: "Rate", cell: (row) => rate(row.requestsPerSecond), sort: (row) => row.requestsPerSecond, numeric: true },
    { title: "Requests", cell: (row) => count(row.count), sort: (row) => row.count, numeric: true },
    {
      title: "p95 over time",
      cell: (row) => (
        <Sparkline
          values={seriesOf(props.history, "request-latency", nameOf(row))?.average ?? []}
          label={`95th percentile of ${nameOf(row)} over time`}
        />
      ),
    },
    { title: "p50", cell: (row) => duration(row.p50Ms), sort: (row) => row.p50Ms, numeric: true },
    { title: "p95", cell: (row) => duration(row.p95Ms), sort: (row) => row.p95Ms, numeric: true },
    { title: "p99", cell: (row) => duration(row.p99Ms), sort: (row) => row.p99Ms, numeric: true },
    { title: "Failed", cell: (row) => percent(failedPercent(row)), sort: failedPercent, numeric: true },
    { title: "Status", cell: (row) => <StatusClasses counts={row.statusClasses} /> },
    { title: "In flight", cell: (row) => count(row.inFlight), sort: (row) => row.inFlight, numeric: true },
    { title: "Cache hits", cell: (row) => percent(cachePercent(row)), sort: cachePercent, numeric: true },
  ];
  return (
    <Panel title="Endpoints" note="By route template and method. Open one for the rest of its figures." wide>
      <div class="tall">
        <Table
          caption="Endpoints"
          columns={columns}
          rows={requests.endpoints}
          keyOf={nameOf}
          filter={nameOf}
          sortBy="Requests"
          empty={<Empty title="No endpoint was asked in this time." />}
          details={(row) => <Details row={row} />}
        />
      </div>
      {requests.overflowedEndpoints > 0 && (
        <p class="hint">
          {count(requests.overflowedEndpoints)} requests found no room among the endpoints and are summed up as OTHER.
          Raise Monitoring:Requests:MaxEndpoints.
        </p>
      )}
    </Panel>
  );
}

function Details(props: { row: Endpoint }) {
  const { row } = props;
  return (
    <Figures>
      <Figure label="Share of all" value={percent(row.sharePercent)} />
      <Figure label="Fastest" value={duration(row.minimumMs)} />
      <Figure label="Average" value={duration(row.averageMs)} />
      <Figure label="Slowest" value={duration(row.maximumMs)} />
      <Figure label="Failed" value={count(row.failures)} detail={`last 100: ${percent(row.errorRateLast100Percent)}`} />
      <Figure label="Failed, last minute" value={percent(row.errorRateLastMinutePercent)} />
      <Figure label="Clients gone" value={count(row.clientAborts)} detail="no failures" />
      <Figure
        label="Cache"
        value={cachePercent(row) === null ? none : `${count(row.cacheHits)} hits`}
        detail={cachePercent(row) === null ? "none was asked" : `${count(row.cacheMisses)} misses`}
      />
    </Figures>
  );
}
