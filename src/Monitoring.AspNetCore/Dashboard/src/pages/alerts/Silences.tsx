import { Action } from "../../components/Action";
import { Badge } from "../../components/Badge";
import { Empty, Panel } from "../../components/Panel";
import { Time } from "../../components/Time";
import { useIsAdmin, useView } from "../../data/context";
import type { Schemas } from "../../data/types";
import { matcherText } from "./describe";

type Silence = Schemas["SilenceResponse"];

const order: Record<Silence["state"], number> = { Active: 0, Pending: 1, Ended: 2 };

/** What is kept quiet, by whom, why and until when. */
export function Silences(props: { silences: readonly Silence[] }) {
  const isAdmin = useIsAdmin();
  const silences = [...props.silences].sort((a, b) => order[a.state] - order[b.state]);
  return (
    <Panel title="Silences">
      {silences.length === 0 ? (
        <Empty title="There is no silence.">
          {isAdmin ? "The button Silence of an alert adds one." : "An administrator can add one from an alert."}
        </Empty>
      ) : (
        <ul class="silences">
          {silences.map((silence) => (
            <SilenceItem key={silence.id} silence={silence} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function SilenceItem(props: { silence: Silence }) {
  const { silence } = props;
  const { source } = useView();
  return (
    <li data-silence={silence.id}>
      <p>
        <Badge state={silence.state} tone={silence.state === "Active" ? "warning" : "neutral"} />{" "}
        {silence.matchers.map((matcher, place) => (
          <code key={place}>
            <bdi>{matcherText(matcher)}</bdi>{" "}
          </code>
        ))}
      </p>
      <p>
        <bdi>{silence.reason}</bdi>{" "}
        <small>
          by <bdi>{silence.author}</bdi>, {new Date(silence.startsAt).toLocaleDateString("en-GB")}{" "}
          <Time at={silence.startsAt} /> to {new Date(silence.endsAt).toLocaleDateString("en-GB")}{" "}
          <Time at={silence.endsAt} />
        </small>
      </p>
      {silence.state !== "Ended" && (
        <Action
          label="End"
          question="The silence ends now: whoever has to know of the alerts that it kept quiet is told."
          run={() => source.send("DELETE", `silences/${encodeURIComponent(silence.id)}`)}
        />
      )}
    </li>
  );
}
