import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Empty, Panel } from "../../components/Panel";
import type { Alert, Schemas } from "../../data/types";
import { AlertCard } from "./AlertCard";
import { isFiltered, matches, type AlertFilter } from "./filter";

const step = 25;

/** Alerts in the same state. */
export function AlertGroup(props: {
  title: string;
  note?: ComponentChildren;
  alerts: readonly Alert[];
  filter: AlertFilter;
  /** The key of the alert that somebody came here for. */
  wanted: string | null;
  empty: ComponentChildren;
  silences?: readonly Schemas["SilenceResponse"][];
  onToggle?: (alert: Alert, isOpen: boolean) => void;
}) {
  const { alerts, filter } = props;
  const [most, setMost] = useState(step);
  const found = alerts.filter((alert) => matches(alert, filter));
  const wanted = found.find((alert) => alert.key === props.wanted);
  const shown = found.slice(0, Math.max(most, wanted ? found.indexOf(wanted) + 1 : 0));
  return (
    <Panel title={alerts.length > 0 ? `${props.title} (${alerts.length})` : props.title} note={props.note}>
      {found.length === 0 ? (
        alerts.length > 0 && isFiltered(filter) ? (
          <Empty title="Nothing matches the filter." />
        ) : (
          props.empty
        )
      ) : (
        <div class="alerts">
          {shown.map((alert) => (
            <AlertCard
              key={alert.id}
              alert={alert}
              isWanted={alert === wanted}
              silences={props.silences}
              {...(props.onToggle ? { onToggle: props.onToggle } : {})}
            />
          ))}
          {found.length > shown.length && (
            <p>
              <button type="button" onClick={() => setMost(most + step)}>
                Show more ({found.length - shown.length})
              </button>
            </p>
          )}
        </div>
      )}
    </Panel>
  );
}
