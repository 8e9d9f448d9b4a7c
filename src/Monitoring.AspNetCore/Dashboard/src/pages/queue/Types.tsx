import { count, duration } from "../../components/format";
import { Empty } from "../../components/Panel";
import { Table, type Column } from "../../components/Table";
import { Text } from "../../components/Text";
import { Time } from "../../components/Time";
import type { Schemas } from "../../data/types";

type Type = Schemas["TaskTypeSummary"];

/** Each type of task; a row opens into its last failures. */
export function Types(props: { caption: string; types: readonly Type[]; overflow: number }) {
  return (
    <>
      <Table
        caption={props.caption}
        columns={columns}
        rows={props.types}
        keyOf={(type) => type.name}
        filter={(type) => type.name}
        details={(type) => <Failures type={type} />}
        empty={<Empty title="No task ended within the window.">Types appear with the first task that ends.</Empty>}
      />
      {props.overflow > 0 && (
        <p class="note">{count(props.overflow)} tasks were counted as OTHER: 50 types are told apart.</p>
      )}
    </>
  );
}

const columns: readonly Column<Type>[] = [
  { title: "Type", cell: (type) => <Text value={type.name} />, sort: (type) => type.name },
  { title: "Done", numeric: true, cell: (type) => count(type.completed), sort: (type) => type.completed },
  {
    title: "Given up",
    numeric: true,
    cell: (type) => <span class={type.failed > 0 ? "bad" : ""}>{count(type.failed)}</span>,
    sort: (type) => type.failed,
  },
  {
    title: "Average",
    numeric: true,
    cell: (type) => duration(type.averageProcessingTimeMs),
    sort: (type) => type.averageProcessingTimeMs,
  },
  {
    title: "p95",
    numeric: true,
    cell: (type) => duration(type.p95ProcessingTimeMs),
    sort: (type) => type.p95ProcessingTimeMs,
  },
  {
    title: "Max",
    numeric: true,
    cell: (type) => duration(type.maximumProcessingTimeMs),
    sort: (type) => type.maximumProcessingTimeMs,
  },
  {
    title: "Last failure",
    cell: (type) => (type.recentFailures[0] ? <Time at={type.recentFailures[0].at} relative /> : "none"),
    sort: (type) => type.recentFailures[0]?.at ?? null,
  },
];

function Failures(props: { type: Type }) {
  const { recentFailures } = props.type;
  if (recentFailures.length === 0) return <p class="note">No attempt of this type has failed since the start.</p>;
  return (
    <ol class="events">
      {recentFailures.map((failure, place) => (
        <li key={`${failure.at} ${place}`}>
          <Time at={failure.at} /> attempt {failure.attempt}
          {failure.timedOut && ", timed out"}: <b>{<Text value={failure.exceptionType} />}</b>{" "}
          <Text value={failure.message} />{" "}
          <small>
            task <Text value={failure.taskId} />
          </small>
          {failure.stackTrace && (
            <details>
              <summary>Where it was thrown</summary>
              <pre>{failure.stackTrace}</pre>
            </details>
          )}
        </li>
      ))}
    </ol>
  );
}
