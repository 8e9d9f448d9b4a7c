import { Badge } from "../../components/Badge";
import { count, words } from "../../components/format";
import { Empty, Panel } from "../../components/Panel";
import { Table, type Column } from "../../components/Table";
import { brief, Text } from "../../components/Text";
import { Time } from "../../components/Time";
import type { Schemas } from "../../data/types";

type Connection = Schemas["RedisConnectionStatus"];
type Socket = Schemas["RedisSocketStatus"];

/** What the client says of its connections, and what happened to them. */
export function Connections(props: { operations: Schemas["RedisOperationSummary"] }) {
  const { connections, overflowedConnections } = props.operations;
  return (
    <Panel title="Connections" tall wide>
      {connections.length === 0 && (
        <Empty title="No connection is monitored.">
          Register it with <code>AddRedis(…)</code> or wrap it with <code>WithMonitoring(monitor)</code>: docs/redis.md.
        </Empty>
      )}
      {connections.map((connection) => (
        <OneConnection key={connection.name} connection={connection} />
      ))}
      {overflowedConnections > 0 && (
        <p class="note">{count(overflowedConnections)} more connections are not shown: 256 are.</p>
      )}
    </Panel>
  );
}

function OneConnection(props: { connection: Connection }) {
  const { connection } = props;
  return (
    <article class="connection">
      <header>
        <h3>
          <Text value={connection.name} />
        </h3>
        <Badge
          state="connection"
          tone={connection.isConnected ? (connection.isReconnectStorm ? "warning" : "good") : "critical"}
          text={connection.isConnected ? (connection.isReconnectStorm ? "Reconnecting" : "Connected") : "Down"}
        />
        <span class="note">
          lost {count(connection.failures)}, restored {count(connection.restores)}
          {connection.movedHashSlots > 0 && `, ${count(connection.movedHashSlots)} hash slots moved`}
        </span>
      </header>
      <Table
        caption={`Sockets of ${brief(connection.name)}`}
        columns={columns}
        rows={connection.sockets}
        keyOf={(socket) => `${socket.endPoint} ${socket.kind}`}
        filter={(socket) => `${socket.endPoint} ${socket.kind}`}
        empty={<p class="note">No socket has been opened yet.</p>}
      />
      {connection.events.length > 0 && (
        <details open={connection.events.length <= 5}>
          <summary>Events ({connection.events.length})</summary>
          <ol class="events">
            {connection.events.map((event, place) => (
              <li key={`${event.at} ${place}`}>
                <Time at={event.at} /> <b>{words(event.kind)}</b>{" "}
                <Text value={[event.endPoint, event.connectionKind, event.reason].filter(Boolean).join(", ")} />
              </li>
            ))}
          </ol>
        </details>
      )}
    </article>
  );
}

const number = (title: string, of: (socket: Socket) => number): Column<Socket> => ({
  title,
  numeric: true,
  cell: (socket) => count(of(socket)),
  sort: of,
});

const columns: readonly Column<Socket>[] = [
  { title: "Server", cell: (socket) => <Text value={socket.endPoint} />, sort: (socket) => socket.endPoint },
  { title: "Kind", cell: (socket) => words(socket.kind), sort: (socket) => socket.kind },
  {
    title: "State",
    cell: (socket) => (
      <Badge
        state="socket"
        tone={socket.isConnected ? "good" : "critical"}
        text={socket.isConnected ? "Connected" : "Down"}
      />
    ),
  },
  number("Not written", (socket) => socket.unsent),
  number("Await reply", (socket) => socket.awaitingResponse),
  number("Await thread", (socket) => socket.awaitingCompletion),
  number("Opened", (socket) => socket.socketsOpened),
  number("Commands", (socket) => socket.operations),
  number("Subscriptions", (socket) => socket.subscriptions),
];
