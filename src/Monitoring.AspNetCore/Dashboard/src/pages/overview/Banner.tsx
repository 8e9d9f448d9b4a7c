import { Badge } from "../../components/Badge";
import { Since } from "../../components/Time";
import type { LiveSnapshot } from "../../data/types";
import { badLanes, headline, worstSince } from "./worst";

const tones: Record<LiveSnapshot["status"], string> = {
  Unknown: "neutral",
  Idle: "neutral",
  Healthy: "good",
  Warning: "warning",
  Critical: "critical",
};

/** What is broken and since when, in words. */
export function Banner(props: { snapshot: LiveSnapshot }) {
  const { snapshot } = props;
  const bad = badLanes(snapshot);
  const what = headline(snapshot);
  const since = worstSince(snapshot);
  return (
    <section class={`verdict ${tones[snapshot.status]}`} aria-label="Verdict">
      <p class="headline">
        <Badge state={snapshot.status} />
        {what && <strong>{what}</strong>}
        {since && (
          <span class="since">
            <Since at={since} />
          </span>
        )}
      </p>
      {bad.length > 0 ? (
        <ul>
          {bad.map((lane) => (
            <li key={lane.name}>
              <strong>{lane.name}:</strong> <bdi>{lane.reason}</bdi>
            </li>
          ))}
        </ul>
      ) : (
        <p class="why">
          <bdi>{snapshot.reason}</bdi>
        </p>
      )}
    </section>
  );
}
