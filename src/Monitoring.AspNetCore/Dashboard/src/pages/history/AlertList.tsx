import { Badge } from "../../components/Badge";
import { Empty, Panel } from "../../components/Panel";
import { Table, type Column } from "../../components/Table";
import { Time } from "../../components/Time";
import { duration } from "../../components/format";
import type { Alert } from "../../data/types";
import { alertLink } from "../../shell/route";
import { Text } from "../../components/Text";

const lasted = (alert: Alert) =>
  alert.resolvedAt === null ? null : Date.parse(alert.resolvedAt) - Date.parse(alert.startedAt);

const columns: Column<Alert>[] = [
  {
    title: "Alert",
    cell: (alert) => (
      <a href={alertLink(alert.key)}>
        <Text value={alert.key} />
      </a>
    ),
    sort: (alert) => alert.key,
  },
  { title: "Severity", cell: (alert) => <Severity alert={alert} />, sort: (alert) => alert.severity },
  { title: "Fired", cell: (alert) => <Time at={alert.startedAt} />, sort: (alert) => alert.startedAt },
  {
    title: "Lasted",
    cell: (alert) => (alert.resolvedAt === null ? "still active" : duration(lasted(alert))),
    sort: lasted,
    numeric: true,
  },
  {
    title: "What",
    cell: (alert) => (
      <span class="sentence">
        <Text value={alert.message} />
      </span>
    ),
  },
];

/** What the shaded parts of the charts are. */
export function AlertList(props: { alerts: readonly Alert[] }) {
  return (
    <Panel
      title="Alerts of this range"
      note="Shaded in the charts of their kind. Active ones and the last 100 that were resolved."
      wide
    >
      <div class="tall">
        <Table
          caption="Alerts of this range"
          columns={columns}
          rows={props.alerts}
          keyOf={(alert) => alert.id}
          filter={(alert) => `${alert.key} ${alert.message}`}
          sortBy="Fired"
          empty={<Empty title="No alert was active in this range." />}
        />
      </div>
    </Panel>
  );
}

function Severity(props: { alert: Alert }) {
  const { severity } = props.alert;
  return <Badge state={severity} tone={severity === "Critical" ? "critical" : "warning"} />;
}
