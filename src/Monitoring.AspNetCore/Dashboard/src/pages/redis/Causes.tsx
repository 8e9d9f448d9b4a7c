import { Badge } from "../../components/Badge";
import { duration } from "../../components/format";
import { Empty, Panel } from "../../components/Panel";
import { Shares } from "../../components/Shares";
import { Text } from "../../components/Text";
import type { Schemas } from "../../data/types";

type Verdict = Schemas["RedisLatencyVerdict"];

const causes: Record<Schemas["RedisLatencyCause"], string> = {
  Unknown: "no single cause",
  Server: "mostly the server",
  Network: "mostly the network",
  Client: "mostly this process",
  HeadOfLine: "mostly large replies ahead",
};

const sources: Record<string, string> = {
  commandstats: "the server's own times (commandstats)",
  ping: "PING",
  "thread-pool": "the thread pool",
  counters: "the client's counters",
  "reply-sizes": "sizes of replies",
};

/** Which share of the latency is the server's, the network's, the process' own; for all servers and for each. */
export function Causes(props: { operations: Schemas["RedisOperationSummary"] }) {
  const { verdict, endPoints } = props.operations;
  const each = endPoints.length > 1 ? endPoints.map((endPoint) => endPoint.verdict) : [];
  return (
    <Panel title="Where the time goes" note="Shares of the mean latency that the callers saw.">
      {verdict.operations === 0 ? (
        <Empty title="No operation within the window whose time could be explained." />
      ) : (
        [verdict, ...each].map((one, place) => (
          <Explained key={place === 0 ? "all" : one.endPoint} verdict={one} all={place === 0} alone={!each.length} />
        ))
      )}
    </Panel>
  );
}

function Explained(props: { verdict: Verdict; all: boolean; alone: boolean }) {
  const { verdict } = props;
  const name = props.all ? "All servers" : (verdict.endPoint ?? "Servers that are not told apart");
  return (
    <article class="cause">
      <h3>
        {!props.alone && (
          <>
            <Text value={name} />{" "}
          </>
        )}
        <span class="number">{duration(verdict.observedMs)}</span>{" "}
        <Badge state={verdict.cause} tone="neutral" text={causes[verdict.cause]} />
      </h3>
      <Shares
        label={name}
        shares={[
          { label: "Server", percent: verdict.serverPercent ?? 0, color: 0 },
          { label: "Network", percent: verdict.networkPercent ?? 0, color: 1 },
          { label: "This process", percent: verdict.clientPercent ?? 0, color: 2 },
          { label: "Behind large replies", percent: verdict.headOfLinePercent ?? 0, color: 3 },
          { label: "Unknown", percent: verdict.unknownPercent ?? 0, color: 6 },
        ]}
      />
      <p>
        <Text value={verdict.explanation} />
      </p>
      {verdict.missingSources.length > 0 && (
        <p class="note">
          Not known: {verdict.missingSources.map((source) => sources[source] ?? source).join(", ")}. Nothing is
          attributed to what only these could show.
        </p>
      )}
    </article>
  );
}
