import { count } from "../components/format";
import { Panel } from "../components/Panel";
import { useLive, useSeries } from "../data/context";
import "../styles/parts.css";
import "../styles/redis.css";
import { Causes } from "./redis/Causes";
import { Channels } from "./redis/Channels";
import { Circuits } from "./redis/Circuits";
import { Connections } from "./redis/Connections";
import { EndPoints } from "./redis/EndPoints";
import { Keys } from "./redis/Keys";
import { LatencyOverTime } from "./redis/LatencyOverTime";
import { Now } from "./redis/Now";
import { Operations } from "./redis/Operations";
import { RecentOperations } from "./redis/Recent";
import { Servers } from "./redis/Servers";
import { SlowOperations } from "./redis/Slow";
import { PayloadSizes } from "./redis/Sizes";
import { Timeouts } from "./redis/Timeouts";

const metrics = ["redis-latency", "redis-rate", "redis-failure-rate", "redis-operation-latency", "circuit-state"];

export function RedisPage() {
  const feed = useLive("Redis");
  const history = useSeries(metrics, feed);
  const { snapshot } = feed;
  if (!snapshot?.redis)
    return (
      <p class="hint" role="status">
        Waiting for the first figures…
      </p>
    );
  const { operations, servers } = snapshot.redis;
  return (
    <div class="panels redis">
      <Now snapshot={snapshot} redis={snapshot.redis} history={history} />
      <Circuits circuits={operations.circuitBreakers} snapshot={snapshot} history={history} />
      <Causes operations={operations} />
      <LatencyOverTime snapshot={snapshot} />
      <Timeouts operations={operations} />
      <Panel title="Commands" tall wide>
        <Operations caption="Commands" operations={operations.operationsByType} history={history} />
        {operations.overflowedOperations > 0 && (
          <p class="note">
            {count(operations.overflowedOperations)} operations were counted as OTHER: 1,024 commands of servers are
            told apart.
          </p>
        )}
        {operations.endPoints.length > 0 && (
          <>
            <h3>By server</h3>
            <EndPoints endPoints={operations.endPoints} />
          </>
        )}
      </Panel>
      <Servers servers={servers} />
      <Connections operations={operations} />
      <SlowOperations operations={operations} />
      <Keys operations={operations} />
      <PayloadSizes operations={operations} />
      <Channels operations={operations} />
      <RecentOperations recent={operations.recent} />
    </div>
  );
}
