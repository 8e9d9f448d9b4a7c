import { useMemo } from "preact/hooks";
import { useLive, useLoaded, useSeries, useView } from "../data/context";
import { readThresholds, timeSpan } from "../data/thresholds";
import type { Schemas } from "../data/types";
import "../styles/overview.css";
import { ActiveAlerts } from "./overview/ActiveAlerts";
import { Banner } from "./overview/Banner";
import { Changes } from "./overview/Changes";
import { Circuits } from "./overview/Circuits";
import { LaneCard } from "./overview/LaneCard";
import { laneFigures, type Objective } from "./overview/laneFigures";
import { laneOf } from "./overview/worst";

const metrics = ["webhook-response-time", "redis-latency", "task-queue-depth", "cpu-usage"];

/** What is broken and since when, without a click. */
export function OverviewPage() {
  const { source } = useView();
  const feed = useLive("Overview");
  const history = useSeries(metrics, feed);
  const { value: config } = useLoaded(() => source.get<Schemas["ConfigResponse"]>("config"), [source]);
  const thresholds = useMemo(() => readThresholds(config), [config]);
  const objective = useMemo(() => readObjective(config), [config]);
  const { snapshot } = feed;
  const overview = snapshot?.overview;
  if (!overview) return <Waiting />;
  return (
    <div class="overview">
      <Banner snapshot={snapshot} />
      <div class="lanes">
        {overview.lanes.map((lane) => (
          <LaneCard
            key={lane.name}
            lane={lane}
            alerts={overview.activeAlerts.filter((alert) => laneOf(alert) === lane.name)}
            history={history}
            figures={laneFigures(lane, snapshot, thresholds, objective)}
          />
        ))}
      </div>
      <div class="below">
        <ActiveAlerts alerts={overview.activeAlerts} />
        <Circuits circuits={overview.circuitBreakers} />
        <Changes changes={overview.changes} />
      </div>
    </div>
  );
}

// As much room as what is about to come.
function Waiting() {
  return (
    <div class="overview" aria-busy="true">
      <p class="verdict">Waiting for the first figures…</p>
      <div class="lanes">
        {["Webhooks", "Redis", "Queue", "System"].map((name) => (
          <section key={name} class="lane waiting" aria-label={name} />
        ))}
      </div>
    </div>
  );
}

/** The objective of the webhooks as it is set; what the API calls "within 500 ms" where that is not known. */
export function readObjective(config: { settings?: unknown } | null): Objective {
  const settings = (config?.settings ?? {}) as { Webhooks?: Record<string, unknown> };
  const percent = settings.Webhooks?.["ObjectivePercent"];
  const target = settings.Webhooks?.["ObjectiveTarget"];
  return {
    percent: typeof percent === "number" ? percent : null,
    targetMs: (typeof target === "string" ? timeSpan(target) : null) ?? 500,
  };
}
