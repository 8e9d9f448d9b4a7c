import { Panel } from "../../components/Panel";
import { percent, span } from "../../components/format";
import type { Schemas } from "../../data/types";
import { Gauge } from "./Gauge";

/** Both targets over the last minute, five minutes and hour, whatever window the page looks at. */
export function Compliance(props: {
  compliance: readonly Schemas["WebhookCompliance"][];
  objective: Schemas["WebhookObjective"];
}) {
  const { objective } = props;
  const goal = objective.targetMs === 500 ? objective.objectivePercent : null;
  return (
    <Panel
      title="Targets kept"
      note="A fall that is recent shows in the shortest time first. Counted, not estimated from percentiles."
    >
      <h3>
        Within 500 ms
        {goal !== null && <small> · objective {percent(goal)}</small>}
      </h3>
      <div class="gauges">
        {props.compliance.map((window) => (
          <Gauge
            key={window.windowMs}
            label="Within 500 ms"
            percent={window.within500MsPercent}
            goal={goal}
            count={window.count}
            windowMs={window.windowMs}
          />
        ))}
      </div>
      <h3>
        Within 2 s <small> · all of them must</small>
      </h3>
      <div class="gauges">
        {props.compliance.map((window) => (
          <Gauge
            key={window.windowMs}
            label="Within 2 s"
            percent={window.within2SPercent}
            goal={100}
            count={window.count}
            windowMs={window.windowMs}
          />
        ))}
      </div>
      {objective.targetMs !== 500 && (
        <p class="hint">
          The declared objective is {percent(objective.objectivePercent)} within {span(objective.targetMs)}: see below.
        </p>
      )}
    </Panel>
  );
}
