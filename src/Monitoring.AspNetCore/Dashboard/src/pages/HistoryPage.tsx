import { useEffect, useMemo, useState } from "preact/hooks";
import { Empty, Panel } from "../components/Panel";
import { clock, span } from "../components/format";
import { useLive, useLoaded, useView } from "../data/context";
import { useThresholds } from "../data/thresholds";
import "../styles/history.css";
import { AlertList } from "./history/AlertList";
import { alertsIn, marksOf } from "./history/alerts";
import { Comparison, rowsOf, says } from "./history/Comparison";
import { slice } from "./history/compare";
import { save, toCsv, toJson } from "./history/download";
import { MetricChart, settle, type Read } from "./history/MetricChart";
import { MetricChooser } from "./history/MetricChooser";
import { metricOf } from "./history/metrics";
import { RangeChooser } from "./history/RangeChooser";
import { boundsOf, otherBounds, readView, writeView, type Bounds, type HistoryView } from "./history/view";

/** How it was: figures over a range, against another range, with the alerts of that time. */
export function HistoryPage() {
  const { source } = useView();
  const feed = useLive("Alerts");
  const thresholds = useThresholds();
  const [view, put] = useAddress();
  const snapshot = feed.snapshot;
  // The clock of the service, not ours, which may be wrong.
  const now = snapshot ? Date.parse(snapshot.at) : null;
  const bounds = useMemo(() => (now === null ? null : boundsOf(view.range, now)), [view.range, now]);
  const against = bounds && otherBounds(view.compare, bounds);
  const metrics = view.choices.map((choice) => choice.metric);
  const main = useRange(metrics, bounds);
  const other = useRange(metrics, against);
  if (now === null || !bounds || !snapshot) return <p class="hint">Waiting for the first figures…</p>;

  const read = main.read;
  const compared = against ? other.read : null;
  const summaries = [read?.summary, compared?.summary].filter((summary) => summary !== undefined);
  const choices = view.choices.map((choice) => settle(choice, summaries));
  const label = otherLabel(view, bounds, against);
  const alerts = alertsIn(snapshot.alerts, bounds).filter((alert) =>
    choices.some((choice) => metricOf(choice.metric)?.categories.includes(alert.category)),
  );
  const oldest = read?.summary.oldestAt ?? null;
  const rows = read ? rowsOf(choices, read, compared) : [];
  const change = (next: Partial<HistoryView>) => put({ ...view, ...next });
  const files = () => [
    ...(read ? [{ name: "shown", summary: read.summary }] : []),
    ...(compared ? [{ name: "compared", summary: compared.summary }] : []),
  ];
  const name = `monitoring-${new Date(bounds.from).toISOString().replace(/[:.]/g, "-")}`;
  return (
    <>
      <p class="lead">
        {compared
          ? (says(rows, label) ?? `There is nothing to compare with ${label}.`)
          : beginning(oldest, snapshot.startedAt)}
      </p>
      <Panel
        title="What to show"
        note={compared || against ? beginning(oldest, snapshot.startedAt) : undefined}
        actions={
          <>
            <button type="button" onClick={() => save(`${name}.csv`, "text/csv", toCsv(files(), choices))}>
              Download CSV
            </button>
            <button type="button" onClick={() => save(`${name}.json`, "application/json", toJson(files(), choices))}>
              Download JSON
            </button>
          </>
        }
        wide
      >
        <RangeChooser
          view={view}
          bounds={bounds}
          oldestAt={oldest === null ? null : Date.parse(oldest)}
          now={now}
          isReport={source.isReport}
          onChange={change}
        />
        <MetricChooser choices={view.choices} onChange={(chosen) => change({ choices: chosen })} />
        {(main.error ?? other.error) && (
          <p class="error" role="alert">
            {main.error ?? other.error}
          </p>
        )}
        {against && compared && oldest !== null && against.to <= Date.parse(oldest) && (
          <p class="hint">Nothing is kept of {label}: it ended before the history began.</p>
        )}
      </Panel>
      {view.choices.length === 0 ? (
        <Empty title="No metric is chosen.">Open “Metrics” above and choose some.</Empty>
      ) : (
        read && (
          <>
            <Panel title="Over time" note={said(bounds)} wide>
              <div class="charts two">
                {choices.map((choice) => {
                  const metric = metricOf(choice.metric)!;
                  return (
                    <MetricChart
                      key={choice.metric}
                      metric={metric}
                      choice={choice}
                      read={read}
                      other={compared}
                      otherLabel={label}
                      marks={marksOf(alerts, metric)}
                      thresholds={thresholds}
                      onInstance={(instance) =>
                        change({
                          choices: choices.map((one) => (one.metric === choice.metric ? { ...one, instance } : one)),
                        })
                      }
                    />
                  );
                })}
              </div>
            </Panel>
            <Comparison rows={rows} otherLabel={compared ? label : null} />
            <AlertList alerts={alerts} />
          </>
        )
      )}
    </>
  );
}

// What is shown is in the address: whoever gets the link sees the same.
function useAddress(): [HistoryView, (view: HistoryView) => void] {
  const [view, setView] = useState(() => readView(location.hash));
  useEffect(() => {
    const changed = () => setView(readView(location.hash));
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  const put = (next: HistoryView) => {
    setView(next);
    history.replaceState(history.state, "", writeView(next));
  };
  return [view, put];
}

function useRange(metrics: readonly string[], bounds: Bounds | null): { read: Read | null; error: string | null } {
  const { source } = useView();
  const { value, error } = useLoaded(async (): Promise<Read | null> => {
    if (!bounds || metrics.length === 0) return null;
    const summary = await source.history({
      metrics,
      from: new Date(bounds.from),
      to: new Date(bounds.to),
      points: 300,
    });
    return { metrics, bounds, summary: slice(summary, bounds) };
  }, [source, metrics.join(), bounds?.from, bounds?.to]);
  return { read: value, error };
}

function beginning(oldestAt: string | null, startedAt: string): string {
  if (oldestAt === null) return "The history is empty: its first point comes a second after the process started.";
  const apart = Date.parse(oldestAt) - Date.parse(startedAt);
  return Math.abs(apart) < 15_000
    ? `The history begins at ${clock(oldestAt)}, when the process started.`
    : `The history begins at ${clock(oldestAt)}: a day is kept.`;
}

function otherLabel(view: HistoryView, bounds: Bounds, against: Bounds | null): string {
  if (view.compare === "previous") return `the ${span(bounds.to - bounds.from)} before`;
  if (view.compare === "yesterday") return "a day earlier";
  return against ? `from ${moment(against.from)}` : "";
}

function said(bounds: Bounds): string {
  return `From ${moment(bounds.from)} to ${moment(bounds.to)}. Shaded: alerts. The dashed line is the maximum of each point.`;
}

function moment(at: number): string {
  return new Date(at).toLocaleString("en-GB", {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
}
