import { useId, useMemo } from "preact/hooks";
import { Badge } from "../../components/Badge";
import { Chart, type Level, type Mark } from "../../components/Chart";
import { inUnit } from "../../components/format";
import { Figure } from "../../components/Panel";
import { Since } from "../../components/Time";
import { hasPoints, seriesOf } from "../../data/series";
import type { Alert, HistorySummary } from "../../data/types";
import type { LaneFigure } from "./laneFigures";
import type { Lane } from "./worst";

const pages: Record<Lane["name"], string> = { Webhooks: "webhooks", Redis: "redis", Queue: "queue", System: "system" };
const measures: Record<Lane["name"], string> = {
  Webhooks: "p95 of response time",
  Redis: "p95 of latency",
  Queue: "Waiting tasks",
  System: "Processors busy",
};

/** One of the four places: how it fares and why, its chart with its target, its numbers. */
export function LaneCard(props: {
  lane: Lane;
  alerts: readonly Alert[];
  history: HistorySummary | null;
  figures: readonly LaneFigure[];
}) {
  const { lane, history } = props;
  const id = useId();
  const series = seriesOf(history, lane.metric);
  const levels = useMemo(() => levelsOf(lane), [lane.target, lane.critical, lane.unit]);
  const marks = useMemo(() => marksOf(props.alerts), [props.alerts.map((alert) => alert.id + alert.severity).join()]);
  const lines = useMemo(() => [{ label: measures[lane.name], values: series?.average ?? [] }], [series, lane.name]);
  return (
    <section class={`lane ${lane.status.toLowerCase()}`} aria-labelledby={id}>
      <header>
        <h2 id={id}>
          <a href={`#/${pages[lane.name]}`}>{lane.name}</a>
        </h2>
        <Badge state={lane.status} />
      </header>
      <div class="why">
        {lane.since && (
          <p class="since">
            <Since at={lane.since} />
          </p>
        )}
        <p>
          <bdi>{lane.reason}</bdi>
        </p>
      </div>
      <figure>
        <figcaption>
          {measures[lane.name]}
          {lane.target !== null && `; target below ${inUnit(lane.target, lane.unit)}`}
        </figcaption>
        {history && hasPoints(series) ? (
          <Chart
            label={`${lane.name}: ${measures[lane.name]}`}
            start={Date.parse(history.startAt)}
            stepMs={history.stepMs}
            lines={lines}
            unit={lane.unit}
            levels={levels}
            marks={marks}
            height={110}
            legend={false}
          />
        ) : (
          <p class="hint nothing">{history ? "Nothing was measured yet." : "Loading…"}</p>
        )}
      </figure>
      <dl class="figures">
        {props.figures.map(({ label, value, target, tone }) => (
          <Figure key={label} label={label} value={value} detail={target} {...(tone ? { tone } : {})} />
        ))}
      </dl>
    </section>
  );
}

function levelsOf(lane: Lane): readonly Level[] {
  const found: Level[] = [];
  if (lane.target !== null)
    found.push({ label: `target ${inUnit(lane.target, lane.unit)}`, value: lane.target, tone: "warning" });
  if (lane.critical !== null)
    found.push({ label: `critical ${inUnit(lane.critical, lane.unit)}`, value: lane.critical, tone: "critical" });
  return found;
}

/** When alerts have been active: one mark for each severity, since its oldest; many on top of each other would hide the line. */
export function marksOf(alerts: readonly Pick<Alert, "severity" | "startedAt">[]): readonly Mark[] {
  const since = (severity: Alert["severity"]) =>
    Math.min(...alerts.filter((alert) => alert.severity === severity).map((alert) => Date.parse(alert.startedAt)));
  const [critical, warning] = [since("Critical"), since("Warning")];
  const marks: Mark[] = [];
  if (warning < critical)
    marks.push({
      from: warning,
      ...(critical < Infinity ? { to: critical } : {}),
      label: "",
      tone: "warning",
    });
  if (critical < Infinity) marks.push({ from: critical, label: "", tone: "critical" });
  return marks;
}
