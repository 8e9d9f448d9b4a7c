import type { HistorySeries, HistorySummary } from "./types";

/** One series of the history; without an instance that of all together. */
export function seriesOf(
  summary: HistorySummary | null,
  metric: string,
  instance: string | null = null,
): HistorySeries | undefined {
  return summary?.series.find((series) => series.metric === metric && series.instance === instance);
}

/** Whether there is anything to draw. */
export function hasPoints(series: HistorySeries | undefined): series is HistorySeries {
  return series !== undefined && series.average.some((value) => value !== null);
}
