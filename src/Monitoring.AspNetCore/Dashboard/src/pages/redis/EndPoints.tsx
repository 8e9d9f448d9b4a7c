import { count, duration, percent, words } from "../../components/format";
import { Table, type Column } from "../../components/Table";
import { brief, Text } from "../../components/Text";
import type { Schemas } from "../../data/types";
import { failureKinds } from "./findings";
import { Operations } from "./Operations";

type EndPoint = Schemas["RedisEndPointStatistics"];

const name = (endPoint: EndPoint) => endPoint.endPoint ?? "not told apart";
const failed = (endPoint: EndPoint) => (endPoint.count > 0 ? (endPoint.failures.total * 100) / endPoint.count : 0);

/** The operations by server; a row opens into its commands. */
export function EndPoints(props: { endPoints: readonly EndPoint[] }) {
  return (
    <Table
      caption="Operations by server"
      columns={columns}
      rows={props.endPoints}
      keyOf={name}
      filter={name}
      sortBy="Calls"
      details={(endPoint) => (
        <Operations
          caption={`Commands of ${brief(name(endPoint))}`}
          operations={endPoint.operationsByType}
          history={null}
        />
      )}
      empty={null}
    />
  );
}

const columns: readonly Column<EndPoint>[] = [
  { title: "Server", cell: (endPoint) => <Text value={name(endPoint)} />, sort: name },
  { title: "Calls", numeric: true, cell: (endPoint) => count(endPoint.count), sort: (endPoint) => endPoint.count },
  {
    title: "Average",
    numeric: true,
    cell: (endPoint) => duration(endPoint.averageMs),
    sort: (endPoint) => endPoint.averageMs,
  },
  { title: "p95", numeric: true, cell: (endPoint) => duration(endPoint.p95Ms), sort: (endPoint) => endPoint.p95Ms },
  { title: "p99", numeric: true, cell: (endPoint) => duration(endPoint.p99Ms), sort: (endPoint) => endPoint.p99Ms },
  {
    title: "Failed",
    numeric: true,
    cell: (endPoint) => <span class={endPoint.failures.total > 0 ? "bad" : ""}>{percent(failed(endPoint))}</span>,
    sort: failed,
  },
  { title: "Failures", cell: (endPoint) => failureKinds(endPoint.failures) || "none" },
  {
    title: "Time goes to",
    cell: (endPoint) => words(endPoint.verdict.cause),
    sort: (endPoint) => endPoint.verdict.cause,
  },
];
