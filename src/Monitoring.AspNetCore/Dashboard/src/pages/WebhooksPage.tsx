import { Findings } from "../components/Findings";
import { Empty, Figure, Figures, Panel } from "../components/Panel";
import { SeriesChart } from "../components/SeriesChart";
import { Text } from "../components/Text";
import { count, duration, percent, span, words } from "../components/format";
import { useLive, useSeries } from "../data/context";
import type { Schemas } from "../data/types";
import "../styles/webhooks.css";
import { Compliance } from "./webhooks/Compliance";
import { Endpoints } from "./webhooks/Endpoints";
import { Objective } from "./webhooks/Objective";
import { Single } from "./webhooks/Single";
import { Waterfall } from "./webhooks/Waterfall";
import { findings } from "./webhooks/findings";
import { orderOf } from "./webhooks/phases";

const targets = [
  { label: "target 500 ms", value: 500, tone: "warning" },
  { label: "required 2 s", value: 2000, tone: "critical" },
] as const;

/** How fast webhooks are answered, and where their time goes. */
export function WebhooksPage() {
  const feed = useLive("Webhooks");
  const history = useSeries(["webhook-response-time", "webhook-rate"], feed);
  const webhooks = feed.snapshot?.webhooks;
  if (!webhooks) return <p class="hint">Waiting for the first figures…</p>;
  if (webhooks.count === 0 && webhooks.recent.length === 0)
    return (
      <Empty title="No webhook was timed.">
        Put the handler into <code>using var timing = monitor.BeginWebhook("github");</code> and its parts into{" "}
        <code>timing.Measure(…)</code>: see docs/webhooks.md.
      </Empty>
    );
  const [first] = webhooks.phases;
  const order = orderOf(webhooks.phases, [...webhooks.recent, ...webhooks.slowest]);
  return (
    <>
      <Findings findings={findings(webhooks)} />
      <Panel title="Response time" wide>
        <Summary webhooks={webhooks} />
        <div class="charts">
          <SeriesChart
            label="95th percentile of the response time"
            summary={history}
            lines={[{ metric: "webhook-response-time", label: "p95" }]}
            levels={targets}
          />
          <SeriesChart
            label="Webhooks per second"
            summary={history}
            lines={[{ metric: "webhook-rate", label: "webhooks", color: 2 }]}
          />
        </div>
      </Panel>
      <div class="panels">
        <Compliance compliance={webhooks.compliance} objective={webhooks.objective} />
        <Objective objective={webhooks.objective} />
      </div>
      <Panel
        title="Where the time goes"
        note={
          <>
            {first && (first.sharePercent ?? 0) > 0 && (
              <>
                The largest part, {percent(first.sharePercent)}, goes into <Text value={words(first.name)} />.{" "}
              </>
            )}
            Phases in the order in which they run. Bar: share of the time of all webhooks. Thin line: its 95th
            percentile, against the slowest phase.
          </>
        }
        wide
      >
        {webhooks.phases.length === 0 ? (
          <Empty title="No phase was measured in this time.">
            Measure one: timing.Measure(WebhookPhase.Validation), see docs/webhooks.md.
          </Empty>
        ) : (
          <Waterfall phases={webhooks.phases} order={order} />
        )}
        {webhooks.overflowedPhases > 0 && (
          <p class="hint">
            {count(webhooks.overflowedPhases)} phases found no room and are summed up as OTHER. Raise
            Monitoring:Webhooks:MaxPhases, or give phases names that are few.
          </p>
        )}
      </Panel>
      <Endpoints
        endpoints={webhooks.endpoints}
        order={order}
        history={history}
        overflowed={webhooks.overflowedEndpoints}
      />
      <Single slowest={webhooks.slowest} recent={webhooks.recent} order={order} />
    </>
  );
}

function Summary(props: { webhooks: Schemas["WebhookTimingSummary"] }) {
  const { webhooks } = props;
  const tone = (ms: number) => (ms > 2000 ? { tone: "critical" } : ms > 500 ? { tone: "warning" } : {}) as object;
  return (
    <Figures>
      <Figure label="Webhooks" value={count(webhooks.count)} detail={`in ${span(webhooks.windowMs)}`} />
      <Figure label="p50" value={duration(webhooks.p50Ms)} {...tone(webhooks.p50Ms)} />
      <Figure label="p95" value={duration(webhooks.p95Ms)} {...tone(webhooks.p95Ms)} />
      <Figure label="p99" value={duration(webhooks.p99Ms)} {...tone(webhooks.p99Ms)} />
      <Figure label="Slowest" value={duration(webhooks.maximumMs)} {...tone(webhooks.maximumMs)} />
      <Figure label="Within 500 ms" value={webhooks.count === 0 ? "–" : percent(webhooks.within500MsPercent)} />
      <Figure label="Within 2 s" value={webhooks.count === 0 ? "–" : percent(webhooks.within2SPercent)} />
    </Figures>
  );
}
