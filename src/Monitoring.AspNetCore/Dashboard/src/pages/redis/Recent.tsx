import { useMemo } from "preact/hooks";
import { duration } from "../../components/format";
import { Empty, Panel } from "../../components/Panel";
import { Table, type Column } from "../../components/Table";
import { Text } from "../../components/Text";
import { Time } from "../../components/Time";
import type { Schemas } from "../../data/types";

type Recent = Schemas["RecentRedisOperation"] & { readonly place: number };

const outcomes: Record<Schemas["RedisFailureKind"], string> = {
  None: "done",
  Timeout: "timed out",
  Connection: "no connection",
  Server: "error of the server",
  Rejected: "refused by the circuit",
  Canceled: "given up",
};

// More at once is not read, and each costs a row a second.
const most = 50;

/** The last operations that were looked at closely. */
export function RecentOperations(props: { recent: readonly Schemas["RecentRedisOperation"][] }) {
  const rows = useMemo(
    () => props.recent.slice(0, most).map((operation, place): Recent => ({ ...operation, place })),
    [props.recent],
  );
  return (
    <Panel
      title="Recent operations"
      tall
      note={`The last ${most} that were looked at closely: failed and slow ones, and a sample of the others.`}
      wide
    >
      <Table
        caption="Recent operations"
        columns={columns}
        rows={rows}
        keyOf={(recent) => `${recent.at} ${recent.place}`}
        filter={(recent) =>
          `${recent.operation} ${recent.keyPattern ?? ""} ${outcomes[recent.failure]} ${recent.error ?? ""}`
        }
        empty={<Empty title="No operation has been looked at yet." />}
      />
    </Panel>
  );
}

const columns: readonly Column<Recent>[] = [
  { title: "When", cell: (recent) => <Time at={recent.at} />, sort: (recent) => recent.at },
  { title: "Command", cell: (recent) => <Text value={recent.operation} />, sort: (recent) => recent.operation },
  { title: "Key", cell: (recent) => <Text value={recent.keyPattern ?? "–"} />, sort: (recent) => recent.keyPattern },
  { title: "Took", numeric: true, cell: (recent) => duration(recent.durationMs), sort: (recent) => recent.durationMs },
  {
    title: "Outcome",
    cell: (recent) => (
      <>
        <span class={recent.failure === "None" || recent.failure === "Canceled" ? "" : "bad"}>
          {outcomes[recent.failure]}
        </span>
        {recent.error && (
          <>
            {": "}
            <Text value={recent.error} />
          </>
        )}
      </>
    ),
    sort: (recent) => outcomes[recent.failure],
  },
];
