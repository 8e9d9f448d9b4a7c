import { Badge } from "../../components/Badge";
import { Empty, Panel } from "../../components/Panel";
import { Since } from "../../components/Time";
import type { Alert } from "../../data/types";
import { alertLink } from "../../shell/route";
import { quietBecause } from "../alerts/describe";
import { causesFirst } from "./worst";

const most = 5;

/** What fires, the worst first and consequences last, each with since when. */
export function ActiveAlerts(props: { alerts: readonly Alert[] }) {
  const alerts = causesFirst(props.alerts);
  return (
    <Panel title={alerts.length > 0 ? `Active alerts (${alerts.length})` : "Active alerts"}>
      {alerts.length === 0 ? (
        <Empty title="No alert is active.">
          What was resolved lately is on the page <a href="#/alerts">Alerts</a>.
        </Empty>
      ) : (
        <div class="brief">
          {alerts.slice(0, most).map((alert) => (
            <article key={alert.id} data-alert={alert.key} class={alert.suppression ? "quiet" : ""}>
              <Badge state={alert.severity} />
              <div>
                <a href={alertLink(alert.key)}>
                  <bdi>{alert.message}</bdi>
                </a>
                <small>
                  <Since at={alert.startedAt} />
                  {alert.acknowledgedBy !== null && (
                    <>
                      , acknowledged by <bdi>{alert.acknowledgedBy}</bdi>
                    </>
                  )}
                  {alert.isFlapping && ", flapping: it comes and goes"}
                  {alert.suppression && (
                    <>
                      . <bdi>{quietBecause(alert.suppression)}</bdi>
                    </>
                  )}
                </small>
              </div>
            </article>
          ))}
          {alerts.length > most && (
            <p>
              <a href="#/alerts">{alerts.length - most} more</a>
            </p>
          )}
        </div>
      )}
    </Panel>
  );
}
