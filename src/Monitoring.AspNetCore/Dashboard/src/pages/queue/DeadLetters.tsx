import { useMemo, useState } from "preact/hooks";
import { Action } from "../../components/Action";
import { count, words } from "../../components/format";
import { Empty, Panel } from "../../components/Panel";
import { Table, type Column } from "../../components/Table";
import { Text } from "../../components/Text";
import { Time } from "../../components/Time";
import { useLoaded, useView } from "../../data/context";
import type { Source } from "../../data/source";
import type { Schemas } from "../../data/types";
import type { Queue } from "./findings";

interface Row {
  readonly queue: string;
  readonly letter: Schemas["DeadLetter"];
}

const most = 100;

/** Tasks that were given up: why and when, and how to try them again. */
export function DeadLetters(props: { queue: Queue }) {
  const { source } = useView();
  const [asked, setAsked] = useState(0);
  const [said, setSaid] = useState("");
  const { deadLetters } = props.queue;
  const { value, error } = useLoaded(
    () => source.get<Schemas["DeadLettersResponse"]>(`tasks/dead-letters?count=${most}`),
    [source, asked, deadLetters],
  );
  const rows = useMemo(
    () =>
      (value?.queues ?? []).flatMap((queue) => queue.deadLetters.map((letter): Row => ({ queue: queue.name, letter }))),
    [value],
  );
  const redrive = async (request: { queue?: string; id?: string }) => {
    const { redriven } = await source.send<Schemas["RedriveResponse"]>("POST", "tasks/redrive", request);
    setSaid(redriven === 1 ? "1 task waits again." : `${count(redriven)} tasks wait again.`);
    setAsked((before) => before + 1);
  };
  const columns = useMemo(() => columnsWith(source, redrive), [source]);
  const queues = (value?.queues ?? []).filter((queue) => queue.deadLetters.length > 0);
  return (
    <Panel
      title="Dead letters"
      tall
      wide
      note="Tasks that were given up. A task that is re-driven starts again with all its attempts."
      actions={
        !source.isReport && (
          <>
            <button type="button" onClick={() => setAsked((before) => before + 1)}>
              Refresh
            </button>
            {rows.length > 0 && (
              <Action
                label="Re-drive all"
                question={`All dead letters of all queues (${count(deadLetters)}) will wait again, as far as there is room.`}
                run={() => redrive({})}
              />
            )}
          </>
        )
      }
    >
      <p class="note" role="status">
        {error ? (source.isReport ? "The report does not hold them." : error) : said}
      </p>
      {queues.length > 1 && !source.isReport && (
        <ul class="per-queue">
          {queues.map((queue) => (
            <li key={queue.name}>
              <Text value={queue.name} />: {count(queue.deadLetters.length)}
              {queue.deadLetters.length === most && " or more"}{" "}
              <Action
                label="Re-drive"
                question={
                  <>
                    All dead letters of <Text value={queue.name} /> will wait again, as far as there is room.
                  </>
                }
                run={() => redrive({ queue: queue.name })}
              />
            </li>
          ))}
        </ul>
      )}
      {value && (
        <Table
          caption="Dead letters"
          columns={columns}
          rows={rows}
          keyOf={(row) => `${row.queue}\n${row.letter.id}`}
          filter={({ queue, letter }) =>
            `${queue} ${letter.typeName} ${letter.reason} ${letter.exceptionType ?? ""} ${letter.message ?? ""}`
          }
          empty={<Empty title="No task has been given up." />}
        />
      )}
    </Panel>
  );
}

function columnsWith(
  source: Source,
  redrive: (request: { queue?: string; id?: string }) => Promise<unknown>,
): readonly Column<Row>[] {
  const columns: Column<Row>[] = [
    { title: "When", cell: ({ letter }) => <Time at={letter.at} />, sort: ({ letter }) => letter.at },
    { title: "Queue", cell: ({ queue }) => <Text value={queue} />, sort: ({ queue }) => queue },
    { title: "Type", cell: ({ letter }) => <Text value={letter.typeName} />, sort: ({ letter }) => letter.typeName },
    { title: "Priority", cell: ({ letter }) => letter.priority, sort: ({ letter }) => letter.priority },
    { title: "Reason", cell: ({ letter }) => words(letter.reason), sort: ({ letter }) => letter.reason },
    {
      title: "Attempts",
      numeric: true,
      cell: ({ letter }) => count(letter.attempts),
      sort: ({ letter }) => letter.attempts,
    },
    {
      title: "Last error",
      cell: ({ letter }) => (
        <>
          {letter.exceptionType && (
            <b>
              <Text value={letter.exceptionType} />
            </b>
          )}{" "}
          {letter.message && <Text value={letter.message} />}
          {!letter.exceptionType && !letter.message && "–"}
        </>
      ),
    },
  ];
  if (!source.isReport && source.session.role === "Admin")
    columns.push({
      title: "Try again",
      cell: ({ queue, letter }) => (
        <Action
          label="Re-drive"
          question={
            <>
              <Text value={letter.typeName} /> <Text value={letter.id} /> of <Text value={queue} /> will wait again.
            </>
          }
          run={() => redrive({ queue, id: letter.id })}
        />
      ),
    });
  return columns;
}
