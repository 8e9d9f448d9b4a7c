import { bytes, count, duration, none, percent, rate } from "../../components/format";
import { Figure, Figures } from "../../components/Panel";
import { Table, type Column } from "../../components/Table";
import { brief, Text } from "../../components/Text";
import { Time } from "../../components/Time";
import type { Schemas } from "../../data/types";

type Server = Schemas["RedisServerStatistics"];

/** All that one server says of itself. */
export function OneServer(props: { server: Server }) {
  const { server } = props;
  const limit = server.maximumMemoryBytes === null ? "no limit" : `of ${bytes(server.maximumMemoryBytes)}`;
  const errors = Object.entries(server.errors).sort((a, b) => b[1] - a[1]);
  return (
    <div class="server">
      <p class="note">
        <Text
          value={`${server.role ?? "role unknown"}, version ${server.version ?? "unknown"}, up for ${duration(server.uptimeMs)}, asked `}
        />
        <Time at={server.at} /> (the answers took {duration(server.pollDurationMs)}).
      </p>
      <Figures>
        <Figure
          label="Memory"
          value={bytes(server.usedMemoryBytes)}
          detail={server.memoryPercent === null ? limit : `${percent(server.memoryPercent)} ${limit}`}
        />
        <Figure label="At the limit" value={brief(server.memoryPolicy ?? none)} detail="memory policy" />
        <Figure
          label="Fragmentation"
          value={server.fragmentationRatio === null ? none : server.fragmentationRatio.toFixed(2)}
          detail="1 is ideal"
        />
        <Figure
          label="Evicted"
          value={rate(server.evictionsPerSecond)}
          detail={`expired ${rate(server.expirationsPerSecond)}`}
          {...((server.evictionsPerSecond ?? 0) > 0 ? { tone: "warning" as const } : {})}
        />
        <Figure label="Hit rate" value={percent(server.hitRatePercent)} detail={`${count(server.lookups)} lookups`} />
        <Figure label="Commands" value={rate(server.commandsPerSecond)} detail="of all clients" />
        <Figure label="Busy" value={percent(server.busyPercent)} detail="of its time" />
        <Figure
          label="Clients"
          value={count(server.clients)}
          detail={`${count(server.blockedClients)} wait, ${count(server.rejectedConnections)} refused`}
          {...((server.rejectedConnections ?? 0) > 0 ? { tone: "critical" as const } : {})}
        />
        {(server.replicationLagBytes !== null ||
          server.replicationLagMs !== null ||
          server.isReplicationLinkUp !== null) && (
          <Figure
            label="Replication"
            value={server.isReplicationLinkUp === false ? "link down" : `${bytes(server.replicationLagBytes)} behind`}
            detail={`last heard of ${duration(server.replicationLagMs)} ago`}
            {...(server.isReplicationLinkUp === false ? { tone: "critical" as const } : {})}
          />
        )}
        <Figure
          label="Not saved yet"
          value={count(server.changesSinceSave)}
          detail={
            server.isLoading ? "loading its data" : server.lastSaveSucceeded === false ? "last save failed" : "changes"
          }
          {...(server.lastSaveSucceeded === false ? { tone: "critical" as const } : {})}
        />
      </Figures>
      <div class="split">
        <div>
          <h3>Commands, as the server measured them</h3>
          <Table
            caption={`Commands of ${brief(server.endPoint)}`}
            columns={commandColumns}
            rows={server.commands}
            keyOf={(command) => command.command}
            filter={(command) => command.command}
            empty={<p class="note">Known after the second poll.</p>}
          />
        </div>
        <div>
          <h3>Slow log</h3>
          <Table
            caption={`Slow log of ${brief(server.endPoint)}`}
            columns={slowColumns}
            rows={server.slowLog.map((entry, place) => ({ ...entry, place }))}
            keyOf={(entry) => `${entry.at} ${entry.place}`}
            filter={(entry) => entry.command}
            empty={<p class="note">The server has logged nothing slow since the monitor watches it.</p>}
          />
          {errors.length > 0 && (
            <>
              <h3>Errors since the last poll</h3>
              <ul class="counted">
                {errors.map(([error, number]) => (
                  <li key={error}>
                    <b class="number">{count(number)}</b> <Text value={error} />
                  </li>
                ))}
              </ul>
            </>
          )}
        </div>
      </div>
      {server.unavailable.length > 0 && (
        <p class="note">
          The server refuses or does not know: <Text value={server.unavailable.join(", ")} />. docs/redis.md names the
          rights that are needed.
        </p>
      )}
    </div>
  );
}

// A server measures in microseconds; of most commands they are few.
const execution = (ms: number | null) => (ms !== null && ms < 0.1 ? `${Math.round(ms * 1000)} µs` : duration(ms));

const commandColumns: readonly Column<Schemas["RedisServerCommand"]>[] = [
  { title: "Command", cell: (command) => <Text value={command.command} />, sort: (command) => command.command },
  { title: "Calls", numeric: true, cell: (command) => count(command.calls), sort: (command) => command.calls },
  {
    title: "Average",
    numeric: true,
    cell: (command) => execution(command.averageMs),
    sort: (command) => command.averageMs,
  },
  { title: "p99", numeric: true, cell: (command) => execution(command.p99Ms), sort: (command) => command.p99Ms },
];

const slowColumns: readonly Column<Schemas["RedisServerSlowCommand"] & { place: number }>[] = [
  { title: "When", cell: (entry) => <Time at={entry.at} />, sort: (entry) => entry.at },
  { title: "Command", cell: (entry) => <Text value={entry.command} />, sort: (entry) => entry.command },
  { title: "Took", numeric: true, cell: (entry) => duration(entry.durationMs), sort: (entry) => entry.durationMs },
];
