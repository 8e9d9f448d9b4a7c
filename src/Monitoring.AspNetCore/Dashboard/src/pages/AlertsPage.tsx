import { useState } from "preact/hooks";
import { Empty } from "../components/Panel";
import { useLive } from "../data/context";
import type { Alert } from "../data/types";
import { useRoute } from "../shell/route";
import "../styles/alerts.css";
import { AlertGroup } from "./alerts/AlertGroup";
import { everything } from "./alerts/filter";
import { FilterBar } from "./alerts/FilterBar";
import { arrange, type Held } from "./alerts/arrange";
import { Rules } from "./alerts/Rules";
import { Silences } from "./alerts/Silences";

/** What fires, what is about to, what is kept quiet and what is over. */
export function AlertsPage() {
  const { snapshot } = useLive("Alerts");
  const { rest } = useRoute();
  const [filter, setFilter] = useState(everything);
  const [held, setHeld] = useState<Held | null>(null);
  const alerts = snapshot?.alerts;
  if (!alerts) return <p class="hint">Waiting for the first figures…</p>;

  const { active, quiet } = arrange(alerts, held);
  const hold = (isQuiet: boolean) => (alert: Alert, isOpen: boolean) => setHeld(isOpen ? { alert, isQuiet } : null);
  const over = alerts.resolved.filter((alert) => !alerts.held.some(({ id }) => id === alert.id));
  const all = [...alerts.active, ...alerts.pending, ...alerts.resolved];
  const categories = [...new Set(all.map((alert) => alert.category))].sort();
  // The newest of those with the key that somebody came for: one that fires before one that is over.
  const wantedIn = [active, quiet, alerts.pending, alerts.held, over].find((group) =>
    group.some((alert) => alert.key === rest),
  );
  const wanted = (group: readonly Alert[]) => (group === wantedIn ? rest : null);
  return (
    <>
      <FilterBar filter={filter} categories={categories} onChange={setFilter} />
      <div class="alert-groups">
        <AlertGroup
          title="Active"
          alerts={active}
          filter={filter}
          wanted={wanted(active)}
          onToggle={hold(false)}
          empty={<Empty title="No alert is active." />}
        />
        {alerts.pending.length > 0 && (
          <AlertGroup
            title="Pending"
            note="The condition holds, but not for long enough yet."
            alerts={alerts.pending}
            filter={filter}
            wanted={wanted(alerts.pending)}
            empty={null}
          />
        )}
        <div class="quiet">
          {quiet.length > 0 && (
            <AlertGroup
              title="Silenced"
              note="They fire, but nobody is told."
              alerts={quiet}
              silences={alerts.silences}
              filter={filter}
              wanted={wanted(quiet)}
              onToggle={hold(true)}
              empty={null}
            />
          )}
          <Silences silences={alerts.silences} />
        </div>
        {alerts.held.length > 0 && (
          <AlertGroup
            title="Resolved, but not over"
            note="Their condition holds on. Nobody is told again until it has ended once, or Monitoring:Alerts:ReopenAfter is over."
            alerts={alerts.held}
            filter={filter}
            wanted={wanted(alerts.held)}
            empty={null}
          />
        )}
        <AlertGroup
          title="Resolved"
          alerts={over}
          filter={filter}
          wanted={wanted(over)}
          empty={<Empty title="No alert was resolved since the service started." />}
        />
        <Rules rules={alerts.rules} />
      </div>
    </>
  );
}
