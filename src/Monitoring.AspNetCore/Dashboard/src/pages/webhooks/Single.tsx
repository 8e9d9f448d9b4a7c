import { useState } from "preact/hooks";
import { Choice } from "../../components/Choice";
import { Empty, Panel } from "../../components/Panel";
import { Shares } from "../../components/Shares";
import { Text } from "../../components/Text";
import { Table, type Column } from "../../components/Table";
import { Time } from "../../components/Time";
import { duration, percent, words } from "../../components/format";
import { colorOf, sharesOf, type Breakdown } from "./phases";

/** Single webhooks with where their time went: the slowest of the window, or the last ones. */
export function Single(props: {
  slowest: readonly Breakdown[];
  recent: readonly Breakdown[];
  order: readonly string[];
}) {
  const [which, setWhich] = useState<"slowest" | "recent">("slowest");
  const columns: Column<Breakdown>[] = [
    { title: "Took", cell: (row) => duration(row.totalMs), sort: (row) => row.totalMs, numeric: true },
    { title: "Endpoint", cell: (row) => <Text value={row.endpoint} />, sort: (row) => row.endpoint },
    { title: "Where the time went", cell: (row) => <Bar row={row} order={props.order} /> },
    { title: "Began", cell: (row) => began(row), sort: (row) => row.startedAt },
    { title: "Status", cell: (row) => row.statusCode ?? "–", sort: (row) => row.statusCode, numeric: true },
    { title: "Trace", cell: (row) => (row.traceId ? <code class="trace">{row.traceId}</code> : "–") },
  ];
  return (
    <Panel
      title="Single webhooks"
      note={which === "slowest" ? "The slowest of this time. Open one for its phases." : "The last ones, newest first."}
      actions={
        <Choice
          label="Which webhooks"
          options={[
            ["slowest", "Slowest"],
            ["recent", "Recent"],
          ]}
          value={which}
          onChange={setWhich}
        />
      }
      wide
    >
      <ul class="key" aria-hidden="true">
        {props.order.slice(0, 12).map((name) => (
          <li key={name}>
            <i class={`fill-${colorOf(name, props.order)}`} /> <Text value={words(name)} />
          </li>
        ))}
      </ul>
      <div class="tall">
        <Table
          key={which}
          caption={which === "slowest" ? "Slowest webhooks" : "Recent webhooks"}
          columns={columns}
          rows={props[which]}
          keyOf={(row) => `${row.startedAt} ${row.traceId} ${row.totalMs}`}
          empty={<Empty title="No webhook was timed in this time." />}
          details={(row) => <Phases row={row} order={props.order} />}
        />
      </div>
    </Panel>
  );
}

// The default value of a date stands for a beginning that is not known.
function began(row: Breakdown) {
  return row.startedAt.startsWith("0001-") ? "–" : <Time at={row.startedAt} />;
}

function Bar(props: { row: Breakdown; order: readonly string[] }) {
  const shares = sharesOf(props.row, props.order);
  const said = shares.map((share) => `${words(share.label)} ${percent(share.percent)}`).join(", ");
  return (
    <span class="mini" role="img" aria-label={said || "no phases"} title={said}>
      {shares.map((share) => (
        <span key={share.label} class={`fill-${share.color}`} style={{ width: `${share.percent}%` }} />
      ))}
    </span>
  );
}

function Phases(props: { row: Breakdown; order: readonly string[] }) {
  const shares = sharesOf(props.row, props.order).map((share) => ({ ...share, label: words(share.label) }));
  if (props.row.phases.length === 0)
    return <Empty title="No phase was measured.">Measure one: timing.Measure(WebhookPhase.Validation).</Empty>;
  return (
    <div class="breakdown">
      <Shares label={`Where the ${duration(props.row.totalMs)} went`} shares={shares} />
      <ul>
        {props.row.phases.map((phase, place) => (
          <li key={place}>
            <Text value={words(phase.name ?? "(no name)")} />: <b class="number">{duration(phase.selfMs)}</b> of its own
            {phase.wallMs > phase.selfMs * 1.01 && `, ${duration(phase.wallMs)} with the phases within it`}
            {phase.count > 1 && `, ran ${phase.count} times`}
          </li>
        ))}
      </ul>
    </div>
  );
}
