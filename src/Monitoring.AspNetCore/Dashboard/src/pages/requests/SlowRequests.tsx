import { Empty, Panel } from "../../components/Panel";
import { Shares } from "../../components/Shares";
import { Table, type Column } from "../../components/Table";
import { Time } from "../../components/Time";
import { count, duration, none, percent, span, words } from "../../components/format";
import type { Schemas } from "../../data/types";
import { Text } from "../../components/Text";

// Its description takes it for something that is sent, where fields may be left out; an answer has them all.
type Slow = Schemas["SlowRequest"];

const nameOf = (row: Slow) => (row.method === null ? row.endpoint : `${row.method} ${row.endpoint}`);

/** What a request spent on Redis, on the database and on everything else, in shares of its time. */
export function spentOn(row: Slow) {
  // Commands side by side add up and may exceed the whole: then they share the bar.
  const whole = Math.max(row.durationMs, row.redisTimeMs + row.queryTimeMs, 1e-9);
  return [
    { label: "Redis", percent: (row.redisTimeMs / whole) * 100, color: 0 },
    { label: "Database", percent: (row.queryTimeMs / whole) * 100, color: 1 },
    { label: "The rest", percent: Math.max(0, ((whole - row.redisTimeMs - row.queryTimeMs) / whole) * 100), color: 6 },
  ];
}

const columns: Column<Slow>[] = [
  { title: "Took", cell: (row) => duration(row.durationMs), sort: (row) => row.durationMs, numeric: true },
  { title: "Endpoint", cell: (row) => <Text value={nameOf(row)} />, sort: nameOf },
  { title: "Spent on", cell: (row) => <Bar row={row} /> },
  {
    title: "Redis",
    cell: (row) => (row.redisCommands === 0 ? none : `${duration(row.redisTimeMs)}, ${count(row.redisCommands)} ×`),
    sort: (row) => row.redisTimeMs,
    numeric: true,
  },
  {
    title: "Database",
    cell: (row) => (row.queries === 0 ? none : `${duration(row.queryTimeMs)}, ${count(row.queries)} ×`),
    sort: (row) => row.queryTimeMs,
    numeric: true,
  },
  { title: "Began", cell: (row) => <Time at={row.startedAt} />, sort: (row) => row.startedAt },
  {
    title: "Ended",
    cell: (row) => (row.success ? (row.statusCode ?? "well") : `✖ ${row.statusCode ?? "failed"}`),
    sort: (row) => row.statusCode ?? (row.success ? 200 : 599),
  },
  { title: "Trace", cell: (row) => (row.traceId ? <code class="trace">{row.traceId}</code> : none) },
];

/** The last requests that took too long, and what they spent their time on. */
export function SlowRequests(props: { slow: Schemas["SlowRequestsResponse"] }) {
  const { thresholdMs } = props.slow;
  const requests = props.slow.requests as readonly Slow[];
  return (
    <Panel
      title="Slow requests"
      note={`The last that took ${span(thresholdMs)} or longer (Monitoring:Requests:SlowThreshold). Open one for its phases.`}
      wide
    >
      <div class="tall">
        <Table
          caption="Slow requests"
          columns={columns}
          rows={requests}
          keyOf={(row) => `${row.startedAt} ${row.traceId} ${row.durationMs}`}
          filter={(row) => `${nameOf(row)} ${row.traceId ?? ""}`}
          empty={<Empty title={`No request took ${span(thresholdMs)} or longer. Nothing to do.`} />}
          details={(row) => <Details row={row} />}
        />
      </div>
    </Panel>
  );
}

function Bar(props: { row: Slow }) {
  const shares = spentOn(props.row);
  const said = shares.map((share) => `${share.label} ${percent(share.percent)}`).join(", ");
  return (
    <span class="mini" role="img" aria-label={said} title={said}>
      {shares.map((share) => (
        <span key={share.label} class={`fill-${share.color}`} style={{ width: `${share.percent}%` }} />
      ))}
    </span>
  );
}

function Details(props: { row: Slow }) {
  const { row } = props;
  return (
    <div class="breakdown">
      <Shares label={`Where the ${duration(row.durationMs)} went`} shares={spentOn(row)} />
      {row.phases.length > 0 ? (
        <ul>
          {row.phases.map((phase, place) => (
            <li key={place}>
              <Text value={words(phase.name)} />: <b class="number">{duration(phase.durationMs)}</b>
              {phase.count > 1 && ` in ${count(phase.count)} times`}
            </li>
          ))}
        </ul>
      ) : (
        <p class="hint">No part of it was measured: monitor.Requests.Measure("render").</p>
      )}
      <p class="hint">
        User <Text value={row.userId ?? "not known"} />, tenant <Text value={row.tenantId ?? "not known"} />,{" "}
        {row.cacheHit === null
          ? "no cache was asked"
          : row.cacheHit
            ? "a cache had the answer"
            : "no cache had the answer"}
        .
      </p>
    </div>
  );
}
