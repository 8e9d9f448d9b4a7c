import { groups } from "./metrics";
import { most, type Choice } from "./view";

/** Which metrics, by lane. */
export function MetricChooser(props: { choices: readonly Choice[]; onChange: (choices: readonly Choice[]) => void }) {
  const chosen = new Set(props.choices.map((choice) => choice.metric));
  const full = chosen.size >= most;
  const toggle = (metric: string) =>
    props.onChange(
      chosen.has(metric)
        ? props.choices.filter((choice) => choice.metric !== metric)
        : [...props.choices, { metric, instance: null }],
    );
  return (
    <details class="metrics">
      <summary>
        Metrics: {chosen.size} of {groups.reduce((sum, group) => sum + group.metrics.length, 0)} shown
        {full && `, ${most} at most`}
      </summary>
      <div class="groups">
        {groups.map((group) => (
          <fieldset key={group.title}>
            <legend>{group.title}</legend>
            {group.metrics.map((metric) => (
              <label key={metric.name}>
                <input
                  type="checkbox"
                  checked={chosen.has(metric.name)}
                  disabled={full && !chosen.has(metric.name)}
                  onChange={() => toggle(metric.name)}
                />{" "}
                {metric.title}
              </label>
            ))}
          </fieldset>
        ))}
      </div>
    </details>
  );
}
