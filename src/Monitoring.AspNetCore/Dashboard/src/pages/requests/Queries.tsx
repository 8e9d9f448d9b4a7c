import { Empty, Figure, Figures, Panel } from "../../components/Panel";
import { Table, type Column } from "../../components/Table";
import { Time } from "../../components/Time";
import { count, duration, none, span } from "../../components/format";
import type { Schemas } from "../../data/types";
import { Text } from "../../components/Text";

type Statement = Schemas["QueryStatement"];
type Repeated = Schemas["RepeatedQuery"];

const statements: Column<Statement>[] = [
  { title: "Statement", cell: (row) => <Beginning text={row.text} />, sort: (row) => row.text },
  { title: "Time in all", cell: (row) => duration(row.totalTimeMs), sort: (row) => row.totalTimeMs, numeric: true },
  { title: "Ran", cell: (row) => count(row.count), sort: (row) => row.count, numeric: true },
  { title: "Slow", cell: (row) => count(row.slow), sort: (row) => row.slow, numeric: true },
  { title: "Failed", cell: (row) => count(row.failures), sort: (row) => row.failures, numeric: true },
  { title: "Average", cell: (row) => duration(row.averageMs), sort: (row) => row.averageMs, numeric: true },
  { title: "p95", cell: (row) => duration(row.p95Ms), sort: (row) => row.p95Ms, numeric: true },
  { title: "Worst", cell: (row) => duration(row.worstMs), sort: (row) => row.worstMs, numeric: true },
  {
    title: "Database",
    cell: (row) => <Text value={row.database ? `${row.system}, ${row.database}` : row.system} />,
    sort: (row) => `${row.system} ${row.database ?? ""}`,
  },
  { title: "Last", cell: (row) => <Time at={row.lastAt} relative />, sort: (row) => row.lastAt },
];

const repeated: Column<Repeated>[] = [
  { title: "Statement", cell: (row) => <Beginning text={row.text} />, sort: (row) => row.text },
  { title: "Times", cell: (row) => count(row.times), sort: (row) => row.times, numeric: true },
  { title: "Time in all", cell: (row) => duration(row.totalTimeMs), sort: (row) => row.totalTimeMs, numeric: true },
  { title: "Endpoint", cell: (row) => <Text value={row.endpoint} />, sort: (row) => row.endpoint },
  { title: "When", cell: (row) => <Time at={row.at} relative />, sort: (row) => row.at },
  { title: "Trace", cell: (row) => (row.traceId ? <code class="trace">{row.traceId}</code> : none) },
];

/** Database queries: the statements that were slow, and those that ran again and again within one request. */
export function Queries(props: { queries: Schemas["QuerySummary"] }) {
  const { queries } = props;
  return (
    <Panel title="Database queries" note={note(queries)} wide>
      {queries.count === 0 && queries.repeated.length === 0 ? (
        queries.enabled ? (
          <Empty title="No query was seen in this time.">
            Queries of Npgsql, SqlClient and Entity Framework Core are seen by themselves: see docs/queries.md.
          </Empty>
        ) : (
          <Empty title="Queries are not listened to.">
            Set Monitoring:Queries:Enabled to true: see docs/queries.md.
          </Empty>
        )
      ) : (
        <>
          <Figures>
            <Figure label="Queries" value={count(queries.count)} detail={`in ${span(queries.windowMs)}`} />
            <Figure label="Slow" value={count(queries.slow)} {...(queries.slow > 0 ? { tone: "warning" } : {})} />
            <Figure
              label="Failed"
              value={count(queries.failures)}
              {...(queries.failures > 0 ? { tone: "warning" } : {})}
              detail={queries.canceled > 0 ? `${count(queries.canceled)} given up` : undefined}
            />
            <Figure label="p50" value={duration(queries.p50Ms)} />
            <Figure label="p95" value={duration(queries.p95Ms)} />
            <Figure label="p99" value={duration(queries.p99Ms)} />
            <Figure label="Slowest" value={duration(queries.maximumMs)} />
          </Figures>
          <h3>Slow statements</h3>
          <div class="tall">
            <Table
              caption="Slow statements"
              columns={statements}
              rows={queries.statements}
              keyOf={(row) => row.fingerprint}
              filter={(row) => row.text}
              sortBy="Time in all"
              empty={<Empty title={`No statement took ${span(queries.thresholdMs)} or longer. Nothing to do.`} />}
              details={(row) => <Details row={row} />}
            />
          </div>
          <h3>Repeated within one request (N+1)</h3>
          <div class="tall">
            <Table
              caption="Repeated statements"
              columns={repeated}
              rows={queries.repeated}
              keyOf={(row) => `${row.fingerprint} ${row.at} ${row.traceId}`}
              filter={(row) => `${row.text} ${row.endpoint}`}
              empty={<Empty title="No statement ran again and again within one request. Nothing to do." />}
              details={(row) => <pre>{row.text}</pre>}
            />
          </div>
        </>
      )}
    </Panel>
  );
}

function note(queries: Schemas["QuerySummary"]): string {
  return `Statements that took ${span(queries.thresholdMs)} or longer at least once (Monitoring:Queries:SlowThreshold). Values are “?”.`;
}

/** The beginning of a statement; the whole of it is in the details. */
function Beginning(props: { text: string }) {
  return (
    <code class="statement">
      <bdi>{props.text.length > 160 ? `${props.text.slice(0, 160)}…` : props.text}</bdi>
    </code>
  );
}

function Details(props: { row: Statement }) {
  const { row } = props;
  return (
    <div class="breakdown">
      <pre>{row.text}</pre>
      <p class="hint">
        Fingerprint <code>{row.fingerprint}</code>, last {duration(row.lastMs)}
        {row.rows !== null && `, ${count(row.rows)} rows in all`}.
      </p>
      <ul>
        {row.endpoints.map((endpoint) => (
          <li key={endpoint.endpoint}>
            <Text value={endpoint.endpoint} />: {count(endpoint.count)} times, {duration(endpoint.totalTimeMs)}
          </li>
        ))}
      </ul>
    </div>
  );
}
