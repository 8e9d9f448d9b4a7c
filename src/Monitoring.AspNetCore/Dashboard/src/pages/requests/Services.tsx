import { Badge } from "../../components/Badge";
import { Empty, Panel } from "../../components/Panel";
import { Table, type Column } from "../../components/Table";
import { Time } from "../../components/Time";
import { clock, count, duration, none, percent, span, words } from "../../components/format";
import type { Schemas } from "../../data/types";
import { stretches } from "./strip";
import { Text } from "../../components/Text";

type Service = Schemas["ServiceHealth"];

const worst = { Unknown: 0, Healthy: 1, Warning: 2, Critical: 3 };

/** The services that this one depends on. */
export function Services(props: { services: Schemas["ServiceSummary"]; now: number }) {
  const { services, now } = props;
  const columns: Column<Service>[] = [
    {
      title: "Service",
      cell: (row) => (
        <>
          <Text value={row.name} />
          <small>
            {" "}
            <Text value={row.kind} />
            {row.isOptional && ", optional"}
          </small>
        </>
      ),
      sort: (row) => row.name,
    },
    { title: "Status", cell: (row) => <Badge state={row.status} />, sort: (row) => worst[row.status] },
    { title: "Since", cell: (row) => <Time at={row.since} />, sort: (row) => row.since },
    { title: "Over time", cell: (row) => <Strip row={row} now={now} windowMs={services.windowMs} /> },
    {
      title: "Uptime",
      cell: (row) => (row.observedMs === 0 ? none : percent(row.uptimePercent)),
      sort: (row) => (row.observedMs === 0 ? null : row.uptimePercent),
      numeric: true,
    },
    {
      title: "Last answer",
      cell: (row) => duration(row.responseTimeMs),
      sort: (row) => row.responseTimeMs,
      numeric: true,
    },
    {
      title: "Average",
      cell: (row) => duration(answered(row) ? row.averageResponseTimeMs : null),
      sort: (row) => row.averageResponseTimeMs,
      numeric: true,
    },
    {
      title: "p95",
      cell: (row) => duration(answered(row) ? row.p95ResponseTimeMs : null),
      sort: (row) => row.p95ResponseTimeMs,
      numeric: true,
    },
    {
      title: "Failed",
      cell: (row) => `${count(row.failures)} of ${count(row.checks)}`,
      sort: (row) => row.failures,
      numeric: true,
    },
    {
      title: "Why",
      cell: (row) =>
        row.description === null ? (
          none
        ) : (
          <span class="sentence">
            <Text value={row.description} />
          </span>
        ),
    },
  ];
  return (
    <Panel
      title="Services"
      note="What this service depends on, asked in the background. Open one for its changes."
      wide
    >
      <div class="tall">
        <Table
          caption="Services"
          columns={columns}
          rows={services.services}
          keyOf={(row) => row.name}
          filter={(row) => `${row.name} ${row.kind} ${row.status}`}
          empty={
            <Empty title="No service is watched.">
              Add what this one depends on: services.AddMonitoring().AddServiceProbe("payments", new
              Uri("https://…/healthz")), see docs/services.md.
            </Empty>
          }
          details={(row) => <Details row={row} />}
        />
      </div>
      {services.overflowed > 0 && (
        <p class="hint">{count(services.overflowed)} more were to be added than Monitoring:Services:Capacity allows.</p>
      )}
    </Panel>
  );
}

const answered = (row: Service) => row.checks > row.failures;

const tones = { Unknown: "unknown", Healthy: "good", Warning: "warning", Critical: "critical" };

// Status as a strip over the window. Heights differ as colours do.
function Strip(props: { row: Service; now: number; windowMs: number }) {
  const { row, now, windowMs } = props;
  const shown = stretches(row.history, row.status, now - windowMs, now);
  const said = shown.map((stretch) => `${stretch.status} from ${clock(new Date(stretch.from))}`).join(", ");
  return (
    <span class="status-strip" role="img" aria-label={`Last ${span(windowMs)}: ${said}`} title={said}>
      {shown.map((stretch) => (
        <span
          key={stretch.from}
          class={tones[stretch.status]}
          style={{ width: `max(1px, ${((stretch.to - stretch.from) / windowMs) * 100}%)` }}
        />
      ))}
    </span>
  );
}

function Details(props: { row: Service }) {
  const { row } = props;
  return (
    <div class="breakdown">
      <p>
        {row.checkedAt === null ? (
          "Not asked yet."
        ) : (
          <>
            Asked last at <Time at={row.checkedAt} />.
          </>
        )}{" "}
        {row.lastError !== null && row.lastErrorAt !== null && (
          <>
            Last error at <Time at={row.lastErrorAt} />: <Text value={row.lastError} />
          </>
        )}
        {row.consecutiveFailures > 0 && ` It failed ${count(row.consecutiveFailures)} times in a row.`}
      </p>
      {row.history.length > 0 && (
        <>
          <h3>Changes</h3>
          <ul>
            {row.history.slice(0, 20).map((change) => (
              <li key={change.at}>
                <Time at={change.at} /> <Badge state={change.to} /> from {change.from}
                {change.reason !== null && (
                  <>
                    : <Text value={change.reason} />
                  </>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
      {row.recoveries.length > 0 && (
        <>
          <h3>Attempts to bring it back</h3>
          <ul>
            {row.recoveries.map((attempt) => (
              <li key={attempt.at}>
                <Time at={attempt.at} /> attempt {attempt.attempt}: {words(attempt.outcome)} after{" "}
                {duration(attempt.durationMs)}
                {attempt.error !== null && (
                  <>
                    : <Text value={attempt.error} />
                  </>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
