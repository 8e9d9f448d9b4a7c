import { Empty, Panel } from "../../components/Panel";
import { Time } from "../../components/Time";
import type { Schemas } from "../../data/types";
import { alertLink } from "../../shell/route";

type Change = Schemas["RecentChange"];

const kinds: Record<Change["kind"], { mark: string; word: string }> = {
  Started: { mark: "►", word: "Start" },
  Alert: { mark: "!", word: "Alert" },
  Circuit: { mark: "⚡", word: "Circuit" },
  Connection: { mark: "⇄", word: "Connection" },
  Service: { mark: "◆", word: "Service" },
  Person: { mark: "☺", word: "Person" },
  Figure: { mark: "~", word: "Figure" },
};
const most = 40;

/** What happened in the last five minutes, newest first. */
export function Changes(props: { changes: readonly Change[] }) {
  const { changes } = props;
  return (
    <Panel title="What changed in the last five minutes">
      {changes.length === 0 ? (
        <Empty title="Nothing changed.">
          Alerts, circuits, connections, services, large moves of figures, and what people changed are listed here.
        </Empty>
      ) : (
        <ol class="changes" tabIndex={0} aria-label="Changes, newest first">
          {changes.slice(0, most).map((change) => {
            const { mark, word } = kinds[change.kind];
            return (
              <li key={`${change.at} ${change.kind} ${change.subject} ${change.text}`}>
                <Time at={change.at} />
                <span class={`kind ${change.severity?.toLowerCase() ?? ""}`}>
                  <span aria-hidden="true">{mark}</span> {word}
                </span>
                <p>
                  {change.alertKey !== null ? (
                    <a href={alertLink(change.alertKey)}>
                      <bdi>{change.text}</bdi>
                    </a>
                  ) : (
                    <bdi>{change.text}</bdi>
                  )}
                </p>
              </li>
            );
          })}
          {changes.length > most && <li class="hint">and {changes.length - most} more</li>}
        </ol>
      )}
    </Panel>
  );
}
