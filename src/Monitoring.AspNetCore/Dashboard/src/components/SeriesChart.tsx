import { useMemo } from "preact/hooks";
import { hasPoints, seriesOf } from "../data/series";
import type { HistorySummary } from "../data/types";
import { Chart, type Level, type Line, type Mark } from "./Chart";

/** Which series, and how its line is called. */
export interface SeriesLine {
  readonly metric: string;
  readonly instance?: string | null;
  readonly label: string;
  readonly part?: "average" | "maximum";
  readonly color?: number;
}

/** Series of the history as a chart; a sentence while there is nothing to draw. */
export function SeriesChart(props: {
  label: string;
  summary: HistorySummary | null;
  lines: readonly SeriesLine[];
  levels?: readonly Level[];
  marks?: readonly Mark[];
  height?: number;
}) {
  const { summary, lines } = props;
  const key = lines.map((line) => `${line.metric}\n${line.instance ?? ""}\n${line.label}`).join("\n\n");
  const drawn = useMemo(() => {
    const found = lines.map((line) => ({ line, series: seriesOf(summary, line.metric, line.instance ?? null) }));
    return {
      unit: found.find(({ series }) => series)?.series?.unit ?? "",
      any: found.some(({ series }) => hasPoints(series)),
      lines: found.map(({ line, series }): Line => ({
        label: line.label,
        values: series?.[line.part ?? "average"] ?? [],
        ...(line.color === undefined ? {} : { color: line.color }),
      })),
    };
  }, [summary, key]);
  return (
    <figure class="series">
      <figcaption>{props.label}</figcaption>
      {summary && drawn.any ? (
        <Chart
          label={props.label}
          start={Date.parse(summary.startAt)}
          stepMs={summary.stepMs}
          lines={drawn.lines}
          unit={drawn.unit}
          {...(props.levels ? { levels: props.levels } : {})}
          {...(props.marks ? { marks: props.marks } : {})}
          {...(props.height ? { height: props.height } : {})}
        />
      ) : (
        <p class="hint">Nothing to draw yet: a point comes every second once there is something to measure.</p>
      )}
    </figure>
  );
}
