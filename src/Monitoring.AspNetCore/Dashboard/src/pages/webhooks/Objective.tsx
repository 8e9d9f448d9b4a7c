import { Figure, Figures, Panel } from "../../components/Panel";
import { count, duration, percent, span } from "../../components/format";
import type { Schemas } from "../../data/types";

/** What is left of the error budget, and how fast it goes. */
export function Objective(props: { objective: Schemas["WebhookObjective"] }) {
  const { objective } = props;
  const left = objective.errorBudgetRemainingPercent;
  const tone = left === null ? undefined : left <= 0 ? "critical" : left < 25 ? "warning" : "good";
  const fastest = Math.max(1, ...objective.burnRates.map((burn) => burn.rate ?? 0));
  return (
    <Panel
      title="Objective"
      note={`${percent(objective.objectivePercent)} of the webhooks within ${span(objective.targetMs)}. What may be late is the error budget.`}
    >
      <Figures>
        <Figure
          label="Error budget left"
          value={percent(left)}
          detail={`of the last ${duration(objective.periodMs)}`}
          {...(tone ? { tone } : {})}
        />
        <Figure label="Kept it" value={objective.count === 0 ? "–" : percent(objective.compliancePercent)} />
        <Figure label="Late" value={count(objective.misses)} detail={`of ${count(objective.count)} webhooks`} />
      </Figures>
      <h3>How fast the budget is used</h3>
      <p class="hint">At 1 × it lasts exactly for its period. At 14.4 × that of 30 days is gone in two.</p>
      <ul class="burns">
        {objective.burnRates.map((burn) => {
          const rate = burn.rate ?? 0;
          return (
            <li key={burn.windowMs} class={rate >= 14.4 ? "critical" : rate > 1 ? "warning" : "good"}>
              <span class="name">last {span(burn.windowMs)}</span>
              <span class="track" aria-hidden="true">
                <span class="burn" style={{ width: `max(2px, ${(rate / fastest) * 100}%)` }} />
              </span>
              <b class="number">{burn.count === 0 ? "–" : `${rate.toFixed(2)} ×`}</b>
              <small class="number">{count(burn.count)} webhooks</small>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
