import type { HistorySummary } from "../../data/types";
import type { Choice } from "./view";

/** What is shown, as a table: a row for each point of each series, of the range and of the one it is compared with. */
export function toCsv(parts: readonly { name: string; summary: HistorySummary }[], choices: readonly Choice[]): string {
  const rows = ["range,time,metric,instance,unit,average,maximum"];
  for (const { name, summary } of parts) {
    const start = Date.parse(summary.startAt);
    for (const series of chosen(summary, choices)) {
      series.average.forEach((average, place) => {
        const time = new Date(start + place * summary.stepMs).toISOString();
        const cells = [name, time, series.metric, series.instance ?? "", series.unit];
        rows.push([...cells.map(cell), average ?? "", series.maximum[place] ?? ""].join());
      });
    }
  }
  return `${rows.join("\r\n")}\r\n`;
}

/** The same as JSON, in the shape that the API answers. */
export function toJson(
  parts: readonly { name: string; summary: HistorySummary }[],
  choices: readonly Choice[],
): string {
  const ranges = parts.map(({ name, summary }) => ({ range: name, ...summary, series: chosen(summary, choices) }));
  return JSON.stringify(ranges, null, 2);
}

/** Hands a text to the browser as a file. Nothing is sent anywhere. */
export function save(name: string, type: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  // Not at once: the browser reads it after this turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function chosen(summary: HistorySummary, choices: readonly Choice[]) {
  return summary.series.filter((series) =>
    choices.some((choice) => choice.metric === series.metric && choice.instance === series.instance),
  );
}

// Names come from outside. What a spreadsheet would take for a formula stays text.
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
