import { useEffect, useRef, useState } from "preact/hooks";
import { Action } from "../../components/Action";
import { Badge } from "../../components/Badge";
import { count, words } from "../../components/format";
import { Since, Time } from "../../components/Time";
import { useView } from "../../data/context";
import type { Alert, Schemas } from "../../data/types";
import { AlertDetails } from "./AlertDetails";
import { against, quietBecause } from "./describe";
import { SilenceAction } from "./Silence";

/** One alert: what is wrong, since when, who cares for it; what was known about it when it is opened. */
export function AlertCard(props: {
  alert: Alert;
  /** Whether somebody came here for this one. */
  isWanted?: boolean;
  /** What may keep it quiet. */
  silences?: readonly Schemas["SilenceResponse"][] | undefined;
  /** Says that a dialog is open: the alert must not be taken from under it. */
  onToggle?: (alert: Alert, isOpen: boolean) => void;
}) {
  const { alert, isWanted } = props;
  const { source } = useView();
  const [isOpen, setOpen] = useState(isWanted ?? false);
  const article = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!isWanted) return;
    setOpen(true);
    // After the page itself has taken the focus.
    const timer = setTimeout(() => {
      article.current?.focus({ preventScroll: true });
      article.current?.scrollIntoView({ block: "center" });
    });
    return () => clearTimeout(timer);
  }, [isWanted]);

  const route = `alerts/${encodeURIComponent(alert.key)}`;
  const change = (what: string) => (note: string | null) => source.send("POST", `${route}/${what}`, { note });
  const toggled = (open: boolean) => props.onToggle?.(alert, open);
  const isResolved = alert.state === "Resolved";
  const measured = against(alert);
  return (
    <article
      ref={article}
      tabIndex={-1}
      data-alert={alert.key}
      aria-label={`${alert.severity}: ${alert.message}`}
      class={`alert ${isResolved ? "resolved" : alert.severity.toLowerCase()}`}
    >
      <header>
        <Badge state={alert.severity} tone={isResolved ? "neutral" : tone(alert)} />
        {alert.state !== "Firing" && <Badge state={alert.state} />}
        <h3>
          <bdi>{alert.message}</bdi>
        </h3>
      </header>
      <p class="facts">
        {measured && <span class="number">{measured}</span>}
        <span>
          <Since at={alert.startedAt} />
        </span>
        {alert.resolvedAt !== null && (
          <span>
            Resolved <Time at={alert.resolvedAt} />
            {alert.resolvedBy !== null && (
              <>
                {" "}
                by <bdi>{alert.resolvedBy}</bdi>
              </>
            )}
          </span>
        )}
        {alert.occurrences > 1 && <span class="number">Seen {count(alert.occurrences)} times</span>}
        {alert.isFlapping && <span>Flapping: it comes and goes</span>}
        <span>{words(alert.category)}</span>
      </p>
      {alert.acknowledgedBy !== null && (
        <p class="facts">
          <span>
            Acknowledged by <bdi>{alert.acknowledgedBy}</bdi>
            {alert.acknowledgementNote !== null && (
              <>
                : <bdi>{alert.acknowledgementNote}</bdi>
              </>
            )}
          </span>
        </p>
      )}
      {alert.suppression && (
        <p class="facts">
          <bdi>{quietBecause(alert.suppression, props.silences)}</bdi>
        </p>
      )}
      {alert.resolutionNote !== null && (
        <p class="facts">
          <span>
            Note: <bdi>{alert.resolutionNote}</bdi>
          </span>
        </p>
      )}
      <div class="actions">
        <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <span aria-hidden="true">{isOpen ? "▾" : "▸"}</span> Details
        </button>
        {props.onToggle && (
          <>
            <Action
              label="Resolve"
              question={
                <>
                  <bdi>{alert.message}</bdi>
                  <br />
                  While that holds on, nobody is told of it again.
                </>
              }
              note
              onToggle={toggled}
              run={change("resolve")}
            />
            {alert.acknowledgedBy === null && (
              <Action
                label="Acknowledge"
                question="Nobody is reminded of this alert any more; it stays active."
                note
                onToggle={toggled}
                run={change("acknowledge")}
              />
            )}
            <SilenceAction alert={alert} onToggle={toggled} />
          </>
        )}
      </div>
      {isOpen && <AlertDetails alert={alert} />}
    </article>
  );
}

function tone(alert: Alert): "warning" | "critical" {
  return alert.severity === "Critical" ? "critical" : "warning";
}
