import { Badge } from "../../components/Badge";
import { bytes, count, none, percent, rate } from "../../components/format";
import { Empty, Panel } from "../../components/Panel";
import { Table, type Column } from "../../components/Table";
import { Text } from "../../components/Text";
import type { Schemas } from "../../data/types";
import { OneServer } from "./OneServer";

type Server = Schemas["RedisServerStatistics"];
type Group = Schemas["RedisStreamGroupStatus"];

const columns: readonly Column<Server>[] = [
  { title: "Server", cell: (server) => <Text value={server.endPoint} />, sort: (server) => server.endPoint },
  { title: "Role", cell: (server) => <Text value={server.role ?? none} />, sort: (server) => server.role },
  {
    title: "Memory",
    numeric: true,
    cell: (server) => bytes(server.usedMemoryBytes),
    sort: (server) => server.usedMemoryBytes,
  },
  {
    title: "Of its limit",
    numeric: true,
    cell: (server) => percent(server.memoryPercent),
    sort: (server) => server.memoryPercent,
  },
  {
    title: "Commands",
    numeric: true,
    cell: (server) => rate(server.commandsPerSecond),
    sort: (server) => server.commandsPerSecond,
  },
  { title: "Busy", numeric: true, cell: (server) => percent(server.busyPercent), sort: (server) => server.busyPercent },
  {
    title: "Hits",
    numeric: true,
    cell: (server) => percent(server.hitRatePercent),
    sort: (server) => server.hitRatePercent,
  },
  { title: "Clients", numeric: true, cell: (server) => count(server.clients), sort: (server) => server.clients },
  {
    title: "Evicted",
    numeric: true,
    cell: (server) => rate(server.evictionsPerSecond),
    sort: (server) => server.evictionsPerSecond,
  },
];

/** What each server says of itself. */
export function Servers(props: { servers: Schemas["RedisServersResponse"] }) {
  const { servers, streamGroups } = props.servers;
  const only = servers.length === 1 ? servers[0] : undefined;
  return (
    <Panel title="Servers" tall wide>
      {only ? (
        <>
          <h3>
            <Text value={only.endPoint} />
          </h3>
          <OneServer server={only} />
        </>
      ) : (
        <Table
          caption="Servers"
          columns={columns}
          rows={servers}
          keyOf={(server) => server.endPoint}
          filter={(server) => `${server.endPoint} ${server.role}`}
          details={(server) => <OneServer server={server} />}
          empty={
            <Empty title="No server has been asked yet.">
              It is asked every <code>Monitoring:Redis:Server:PollInterval</code>; see docs/redis.md, Server page.
            </Empty>
          }
        />
      )}
      {streamGroups.length > 0 && (
        <>
          <h3>Groups of streams</h3>
          <Table
            caption="Groups of streams"
            columns={groupColumns}
            rows={streamGroups}
            keyOf={(group) => `${group.stream}\n${group.group}`}
            filter={(group) => `${group.stream} ${group.group}`}
            empty={null}
          />
        </>
      )}
    </Panel>
  );
}

const groupColumns: readonly Column<Group>[] = [
  { title: "Stream", cell: (group) => <Text value={group.stream} />, sort: (group) => group.stream },
  { title: "Group", cell: (group) => <Text value={group.group} />, sort: (group) => group.group },
  {
    title: "State",
    cell: (group) => (
      <Badge
        state={group.exists ? "there" : "missing"}
        tone={group.exists ? "good" : "warning"}
        text={group.exists ? "There" : "Does not exist"}
      />
    ),
  },
  { title: "Not read", numeric: true, cell: (group) => count(group.lag), sort: (group) => group.lag },
  { title: "Not acknowledged", numeric: true, cell: (group) => count(group.pending), sort: (group) => group.pending },
  { title: "Consumers", numeric: true, cell: (group) => count(group.consumers), sort: (group) => group.consumers },
];
