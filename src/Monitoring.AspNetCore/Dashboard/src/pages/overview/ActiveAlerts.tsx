import { Badge } from "../../components/Badge";
import { Empty, Panel } from "../../components/Panel";
import { Time } from "../../components/Time";
import type { Alert } from "../../data/types";
import { alertLink } from "../../shell/route";

const most = 6;

/** What fires, the worst first, each with since when. */
export function ActiveAlerts(props: { alerts: readonly Alert[] }) {
  const { alerts } = props;
  return (
    <Panel title={alerts.length > 0 ? `Active alerts (${alerts.length})` : "Active alerts"}>
      {alerts.length === 0 ? (
        <Empty title="No alert is active.">
          What was resolved lately is on the page <a href="#/alerts">Alerts</a>.
        </Empty>
      ) : (
        <div class="brief">
          {alerts.slice(0, most).map((alert) => (
            <article key={alert.id} data-alert={alert.key}>
              <Badge state={alert.severity} />
              <p>
                <a href={alertLink(alert.key)}>
                  <bdi>{alert.message}</bdi>
                </a>
                <small>
                  {" "}
                  Since <Time at={alert.startedAt} />, <Time at={alert.startedAt} relative />
                  {alert.acknowledgedBy !== null && (
                    <>
                      , acknowledged by <bdi>{alert.acknowledgedBy}</bdi>
                    </>
                  )}
                  {alert.suppression && ", kept quiet"}
                </small>
              </p>
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
