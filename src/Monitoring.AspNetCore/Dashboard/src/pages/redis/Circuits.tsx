import { Action } from "../../components/Action";
import { Badge } from "../../components/Badge";
import { count, duration, span } from "../../components/format";
import { Empty, Panel } from "../../components/Panel";
import { Text } from "../../components/Text";
import { Time } from "../../components/Time";
import { useView } from "../../data/context";
import type { HistorySummary, LiveSnapshot } from "../../data/types";
import { refused, segments, type Circuit } from "./circuits";
import { CircuitStrip } from "./CircuitStrip";
import { Fact } from "./Operations";

/** The circuits: whether calls go to Redis, since when, and how it went; opened and closed by hand. */
export function Circuits(props: {
  circuits: readonly Circuit[];
  snapshot: LiveSnapshot;
  history: HistorySummary | null;
}) {
  return (
    <Panel
      title="Circuits"
      note="An open circuit refuses calls at once, so that nobody waits for a Redis that does not answer."
    >
      {props.circuits.length === 0 ? (
        <Empty title="There is no circuit.">
          Each monitored connection has one: <code>AddRedis("localhost:6379")</code>, see docs/redis.md.
        </Empty>
      ) : (
        props.circuits.map((circuit) => (
          <OneCircuit key={circuit.name} circuit={circuit} snapshot={props.snapshot} history={props.history} />
        ))
      )}
    </Panel>
  );
}

function OneCircuit(props: { circuit: Circuit; snapshot: LiveSnapshot; history: HistorySummary | null }) {
  const { circuit, snapshot } = props;
  const { source } = useView();
  const now = Date.parse(snapshot.at);
  const parts = segments(circuit, now - snapshot.windowMs, now, props.history);
  const send = (what: string) => (note: string | null) =>
    source.send("POST", `circuit-breakers/${encodeURIComponent(circuit.name)}/${what}`, note === null ? {} : { note });
  return (
    <article class="circuit">
      <header>
        <h3>
          <Text value={circuit.name} />
        </h3>
        <Badge state={circuit.state} />
        <span class="number">for {duration(circuit.timeInStateMs)}</span>
        <div class="actions">
          <Action
            label="Isolate"
            danger
            note
            question={
              <>
                <Text value={circuit.name} /> will refuse every call until somebody closes it.
              </>
            }
            run={send("isolate")}
          />
          <Action
            label="Close"
            note
            question={
              <>
                <Text value={circuit.name} /> will let calls through again, and forgets the failures so far.
              </>
            }
            run={send("close")}
          />
        </div>
      </header>
      <CircuitStrip parts={parts} from={now - snapshot.windowMs} to={now} />
      <p class="note">
        {refused(parts) > 0
          ? `Refused calls for ${duration(refused(parts))} of the last ${span(snapshot.windowMs)}.`
          : `Let calls through all of the last ${span(snapshot.windowMs)}.`}
      </p>
      <dl class="tally">
        <Fact label="Opened" value={count(circuit.trips)} />
        <Fact label="Calls refused" value={count(circuit.rejections)} />
        <Fact label="Probes" value={count(circuit.probes)} />
        <Fact label="Probes failed" value={count(circuit.failedProbes)} />
        {circuit.state === "Open" && <Fact label="Next attempt" value={`in ${duration(circuit.retryAfterMs)}`} />}
      </dl>
      {circuit.lastError && (
        <p>
          Last error: <Text value={circuit.lastError} />
          {circuit.lastErrorAt && (
            <>
              , <Time at={circuit.lastErrorAt} />
            </>
          )}
        </p>
      )}
      {circuit.lastTransitions.length > 0 && (
        <details>
          <summary>Changes ({circuit.lastTransitions.length})</summary>
          <ol class="events">
            {circuit.lastTransitions.map((change, place) => (
              <li key={`${change.at} ${place}`}>
                <Time at={change.at} /> <Badge state={change.to} /> <Text value={change.reason} />
              </li>
            ))}
          </ol>
        </details>
      )}
    </article>
  );
}
