import { useMemo } from "preact/hooks";
import { Chart, type Line, type Mark } from "../../components/Chart";
import { Empty } from "../../components/Panel";
import { hasPoints, seriesOf } from "../../data/series";
import { levelsOf, type Thresholds } from "../../data/thresholds";
import type { HistorySummary } from "../../data/types";
import { align, gridOf } from "./compare";
import type { MetricInfo } from "./metrics";
import type { Bounds, Choice } from "./view";

/** A range that was read: of which metrics, from when to when, and what there was. */
export interface Read {
  readonly metrics: readonly string[];
  readonly bounds: Bounds;
  readonly summary: HistorySummary;
}

/** One metric over the range; with the other range below it, as long after its own beginning. */
export function MetricChart(props: {
  metric: MetricInfo;
  choice: Choice;
  read: Read;
  other: Read | null;
  otherLabel: string;
  marks: readonly Mark[];
  thresholds: Thresholds;
  onInstance: (instance: string | null) => void;
}) {
  const { metric, choice, read, other, thresholds } = props;
  const { summary } = read;
  const instances = instancesOf([summary, ...(other ? [other.summary] : [])], metric.name);
  const series = seriesOf(summary, choice.metric, choice.instance);
  const lines = useMemo((): readonly Line[] => {
    const then = other && seriesOf(other.summary, choice.metric, choice.instance);
    return [
      { label: "average", values: series?.average ?? [], color: 0 },
      { label: "maximum", values: series?.maximum ?? [], color: 1, dashed: true },
      ...(other
        ? [
            {
              label: props.otherLabel,
              values: align(then?.average ?? [], gridOf(other.summary, other.bounds), gridOf(summary, read.bounds)),
              color: 3,
            },
          ]
        : []),
    ];
  }, [read, other, choice.metric, choice.instance, props.otherLabel]);
  // As long as they say the same they are the same: a chart is not drawn anew with every snapshot.
  const said = JSON.stringify(props.marks);
  const marks = useMemo(() => props.marks, [said]);
  const levels = useMemo(
    () => (metric.threshold ? levelsOf(thresholds, ...metric.threshold) : []),
    [metric, thresholds],
  );
  const anything = hasPoints(series) || lines.some((line) => line.values.some((value) => value !== null));
  return (
    <section class="metric" aria-label={metric.title}>
      <header>
        <h3>{metric.title}</h3>
        {(instances.length > 1 || (instances.length === 1 && instances[0] !== null)) && (
          <label>
            <span class="hidden">Which, of {metric.title}</span>
            <select
              value={choice.instance === null ? "" : `/${choice.instance}`}
              onChange={(event) => props.onInstance(event.currentTarget.value.slice(1) || null)}
            >
              {!instances.includes(choice.instance) && choice.instance !== null && (
                <option value={`/${choice.instance}`}>{choice.instance.slice(0, 80)}</option>
              )}
              {instances.map((instance) => (
                <option key={instance ?? ""} value={instance === null ? "" : `/${instance}`}>
                  {instance === null ? "All together" : instance.slice(0, 80)}
                </option>
              ))}
            </select>
          </label>
        )}
      </header>
      {!read.metrics.includes(choice.metric) ? (
        <p class="hint">Reading…</p>
      ) : anything ? (
        <Chart
          label={choice.instance === null ? metric.title : `${metric.title}, ${choice.instance.slice(0, 80)}`}
          start={Date.parse(summary.startAt)}
          stepMs={summary.stepMs}
          lines={lines}
          unit={series?.unit ?? unitOf(other?.summary, choice)}
          levels={levels}
          marks={marks}
          height={200}
        />
      ) : (
        <Empty title="Nothing was recorded of this in the range.">
          Choose a longer range, or do what makes it: a metric is there once there is something to measure.
        </Empty>
      )}
    </section>
  );
}

/** Of which instances there is something; null is all together, and stands first. */
export function instancesOf(summaries: readonly HistorySummary[], metric: string): readonly (string | null)[] {
  const found = new Set(
    summaries.flatMap((summary) =>
      summary.series.filter((series) => series.metric === metric).map((series) => series.instance),
    ),
  );
  return [...found].sort((a, b) => (a === null ? -1 : b === null ? 1 : a.localeCompare(b)));
}

/** The choice itself, or the first instance where there is no figure for all together. */
export function settle(choice: Choice, summaries: readonly HistorySummary[]): Choice {
  const instances = instancesOf(summaries, choice.metric);
  return choice.instance === null && instances.length > 0 && instances[0] !== null
    ? { ...choice, instance: instances[0]! }
    : choice;
}

function unitOf(summary: HistorySummary | undefined, choice: Choice): string {
  return (summary && seriesOf(summary, choice.metric, choice.instance)?.unit) ?? "";
}
