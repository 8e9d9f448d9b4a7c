import { Badge } from "../../components/Badge";
import { words } from "../../components/format";
import { Time } from "../../components/Time";
import { useLoaded, useView } from "../../data/context";
import type { Alert, Schemas } from "../../data/types";
import { happened } from "./describe";

/** What happened to an alert, what was going on when it fired, and who was told. */
export function AlertDetails(props: { alert: Alert }) {
  const { alert } = props;
  const context = Object.entries(alert.context);
  const labels = Object.entries(alert.labels);
  return (
    <div class="details">
      <section>
        <h4>Timeline</h4>
        <ol class="timeline">
          {alert.timeline.map((event, place) => (
            <li key={`${event.at} ${place}`}>
              <Time at={event.at} />
              <p>
                {happened(event, alert.unit)}
                {event.by !== null && (
                  <>
                    {" "}
                    by <bdi>{event.by}</bdi>
                  </>
                )}
                {event.note !== null && (
                  <>
                    : <bdi>{event.note}</bdi>
                  </>
                )}
              </p>
            </li>
          ))}
        </ol>
      </section>
      <section>
        <h4>What was going on</h4>
        {context.length === 0 ? <p class="hint">Nothing was noted when it fired.</p> : <Pairs pairs={context} />}
      </section>
      <section>
        <h4>Who was told</h4>
        <Deliveries alert={alert} />
      </section>
      <section>
        <h4>Identity</h4>
        <Pairs
          pairs={[
            ["key", alert.key],
            ["rule", alert.rule],
            ["metric", alert.metric],
            ...(alert.runbook === null ? [] : [["runbook", alert.runbook] as const]),
            ...labels,
          ]}
        />
      </section>
    </div>
  );
}

function Pairs(props: { pairs: readonly (readonly [string, string])[] }) {
  return (
    <dl class="pairs">
      {props.pairs.map(([name, value]) => (
        <div key={name}>
          <dt>
            <bdi>{words(name)}</bdi>
          </dt>
          <dd>
            <bdi>{value}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}

const tones: Record<Schemas["AlertDeliveryOutcome"], "good" | "warning" | "critical" | "neutral"> = {
  Delivered: "good",
  Pending: "neutral",
  Suppressed: "neutral",
  Failed: "critical",
};

function Deliveries(props: { alert: Alert }) {
  const { alert } = props;
  const { source } = useView();
  const { value, error } = useLoaded(
    () => source.get<Schemas["AlertResponse"]>(`alerts/${encodeURIComponent(alert.key)}`),
    [source, alert.id, alert.timeline.length],
  );
  if (error !== null) return <p class="hint">{error}</p>;
  if (!value) return <p class="hint">Loading…</p>;
  // The key is that of the newest one: what an earlier one led to is not kept under it.
  if (value.alert.id !== alert.id) return <p class="hint">It has fired again since; see the newer one.</p>;
  if (value.deliveries.length === 0) return <p class="hint">No channel is set up for it, or nothing was due yet.</p>;
  return (
    <ul class="deliveries">
      {value.deliveries.map((delivery) => (
        <li key={delivery.channel}>
          <Badge state={delivery.outcome} tone={tones[delivery.outcome]} /> <bdi>{delivery.channel}</bdi>
          {delivery.at !== null && (
            <>
              {" "}
              <Time at={delivery.at} />
            </>
          )}
          {delivery.reason !== null && (
            <>
              {" "}
              <bdi>{delivery.reason}</bdi>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
