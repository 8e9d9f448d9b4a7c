import { useMemo } from "preact/hooks";
import { bytes, count, duration, words } from "../../components/format";
import { Empty, Panel } from "../../components/Panel";
import { Table, type Column } from "../../components/Table";
import { Text } from "../../components/Text";
import { Time } from "../../components/Time";
import type { Schemas } from "../../data/types";
import { mostFrequent } from "./findings";

type Timeout = Schemas["RedisTimeoutDiagnosis"] & { readonly key: string };

const columns: readonly Column<Timeout>[] = [
  { title: "When", cell: (timeout) => <Time at={timeout.at} />, sort: (timeout) => timeout.at },
  { title: "Command", cell: (timeout) => <Text value={timeout.operation} />, sort: (timeout) => timeout.operation },
  {
    title: "Waited",
    numeric: true,
    cell: (timeout) => duration(timeout.elapsedMs),
    sort: (timeout) => timeout.elapsedMs,
  },
  { title: "Cause", cell: (timeout) => <b>{words(timeout.cause)}</b>, sort: (timeout) => timeout.cause },
  { title: "Why", cell: (timeout) => <Text value={timeout.explanation} /> },
];

/** The last timeouts, each with its cause and the figures that tell it. */
export function Timeouts(props: { operations: Schemas["RedisOperationSummary"] }) {
  const { timeouts, undiagnosedTimeouts } = props.operations;
  const rows = useMemo(() => keyed(timeouts), [timeouts]);
  const causes = timeouts.map((timeout) => timeout.cause);
  const most = mostFrequent(causes);
  return (
    <Panel
      title="Timeouts"
      tall
      wide
      note={
        most
          ? `The last ${count(timeouts.length)}; ${count(causes.filter((cause) => cause === most).length)} of them: ${words(most).toLowerCase()}.`
          : undefined
      }
    >
      <Table
        caption="Timeouts"
        columns={columns}
        rows={rows}
        keyOf={(timeout) => timeout.key}
        filter={(timeout) => `${timeout.operation} ${words(timeout.cause)} ${timeout.endPoint}`}
        details={(timeout) => <Details timeout={timeout} />}
        empty={<Empty title="Nothing has timed out since the start." />}
      />
      {undiagnosedTimeouts > 0 && (
        <p class="note">
          {count(undiagnosedTimeouts)} more were counted and not looked into: that is done for a hundred a second.
        </p>
      )}
    </Panel>
  );
}

// Several commands may time out at the same moment, each opened by itself: counted from the oldest, they keep their keys
// while newer ones come.
export function keyed(timeouts: readonly Schemas["RedisTimeoutDiagnosis"][]): readonly Timeout[] {
  const seen = new Map<string, number>();
  return timeouts
    .toReversed()
    .map((timeout) => {
      const same = `${timeout.at} ${timeout.operation} ${timeout.elapsedMs}`;
      const place = (seen.get(same) ?? 0) + 1;
      seen.set(same, place);
      return { ...timeout, key: `${same} ${place}` };
    })
    .reverse();
}

function Details(props: { timeout: Timeout }) {
  const { timeout } = props;
  const facts: [string, string | null][] = [
    ["Server", timeout.endPoint],
    ["Command was", timeout.commandState],
    ["Commands not written", known(timeout.unsentCommands, count)],
    ["Commands awaiting a reply", known(timeout.commandsAwaitingReply, count)],
    ["Arrived, not read", known(timeout.unreadBytes, bytes)],
    ["Read, not parsed", known(timeout.unparsedBytes, bytes)],
    ["Last reply", known(timeout.lastReplyBytes, bytes)],
    ["Reply under way", known(timeout.currentReplyBytes, bytes)],
    ["Reader", timeout.readerState],
    ["Writer", timeout.writerState],
    ["Backlog", timeout.backlogState],
    ["Connected", timeout.isConnected === null ? null : timeout.isConnected ? "yes" : "no"],
    ["Connected for", known(timeout.connectedForMs, duration)],
    ["Busy pool threads", known(timeout.busyWorkers, count)],
    ["Minimum of the pool", known(timeout.minimumWorkers, count)],
    ["Work waiting for a thread", known(timeout.queuedWorkItems, count)],
  ];
  return (
    <dl class="tally">
      {facts.map(
        ([label, value]) =>
          value !== null && (
            <div key={label}>
              <dt>{label}</dt>
              <dd class="number">
                <Text value={value} />
              </dd>
            </div>
          ),
      )}
    </dl>
  );
}

function known(value: number | null, format: (value: number) => string): string | null {
  return value === null ? null : format(value);
}
