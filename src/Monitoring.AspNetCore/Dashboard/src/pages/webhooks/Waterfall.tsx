import { count, duration, percent, words } from "../../components/format";
import { colorOf, waterfall, type PhaseSummary } from "./phases";
import { Text } from "../../components/Text";

/** Phases in the order in which they run: how much of all the time each takes, and how slow it gets. */
export function Waterfall(props: { phases: readonly PhaseSummary[]; order: readonly string[] }) {
  const { rows, outsidePercent } = waterfall(props.phases, props.order);
  const slowest = Math.max(...props.phases.map((phase) => phase.p95Ms), 1e-9);
  return (
    <ol class="waterfall">
      {rows.map(({ phase, start, width }) => (
        <li key={phase.name}>
          <span class="name">
            <Text value={words(phase.name)} />
          </span>
          <span class="track" aria-hidden="true">
            <span
              class={`fill-${colorOf(phase.name, props.order)}`}
              style={{ marginLeft: `${start}%`, width: `max(2px, ${width}%)` }}
            />
            <span class="p95" style={{ width: `max(2px, ${(phase.p95Ms / slowest) * 100}%)` }} />
          </span>
          <dl>
            <div>
              <dt>share</dt>
              <dd class="number">{percent(phase.sharePercent)}</dd>
            </div>
            <div>
              <dt>own time</dt>
              <dd class="number">{duration(phase.averageSelfMs)}</dd>
            </div>
            <div>
              <dt>p95</dt>
              <dd class="number">{duration(phase.p95Ms)}</dd>
            </div>
            <div>
              <dt>webhooks</dt>
              <dd class="number">{count(phase.count)}</dd>
            </div>
          </dl>
        </li>
      ))}
      {outsidePercent >= 0.05 && (
        <li>
          <span class="name">In no phase</span>
          <span class="track" aria-hidden="true">
            <span
              class="fill-6"
              style={{ marginLeft: `${100 - outsidePercent}%`, width: `max(2px, ${outsidePercent}%)` }}
            />
          </span>
          <dl>
            <div>
              <dt>share</dt>
              <dd class="number">{percent(outsidePercent)}</dd>
            </div>
          </dl>
        </li>
      )}
    </ol>
  );
}
