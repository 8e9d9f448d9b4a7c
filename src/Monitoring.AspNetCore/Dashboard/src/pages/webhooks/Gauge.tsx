import { count, percent, span } from "../../components/format";

// Three quarters of a circle, open below.
const radius = 40;
const length = 2 * Math.PI * radius;
const sweep = 0.75;

/** The share that kept a target, on an arc from 0 to 100 %, with a notch where it should be. */
export function Gauge(props: {
  label: string;
  percent: number | null;
  /** Where it should be at least; no notch without it. */
  goal: number | null;
  /** How many it is a share of: of none there is no share. */
  count: number;
  windowMs: number;
}) {
  const known = props.count > 0 && props.percent !== null;
  const value = known ? props.percent! : 0;
  const kept = props.goal === null ? value === 100 : value >= props.goal;
  const tone = !known ? "none" : kept ? "good" : "critical";
  const said = known
    ? `${percent(value)} of ${count(props.count)}, ${kept ? "kept" : "missed"}`
    : "no webhooks in this time";
  return (
    <div class={`gauge ${tone}`}>
      <svg
        viewBox="0 0 100 88"
        role="meter"
        aria-label={`${props.label}, last ${span(props.windowMs)}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={value}
        aria-valuetext={said}
      >
        <g transform="rotate(135 50 48)" fill="none" stroke-width="9">
          <circle class="rail" cx="50" cy="48" r={radius} stroke-dasharray={`${length * sweep} ${length}`} />
          {known && (
            <circle
              class="value"
              cx="50"
              cy="48"
              r={radius}
              stroke-dasharray={`${(length * sweep * value) / 100} ${length}`}
            />
          )}
          {props.goal !== null && (
            <line
              class="goal"
              x1="83"
              x2="97"
              y1="48"
              y2="48"
              transform={`rotate(${props.goal * 3.6 * sweep} 50 48)`}
            />
          )}
        </g>
        <text x="50" y="52" class="figure-text">
          {known ? percent(value) : "–"}
        </text>
        <text x="50" y="66" class="caption-text">
          {known ? (kept ? "✓ kept" : "✖ missed") : "no webhooks"}
        </text>
      </svg>
      <small class="number" aria-hidden="true">
        {span(props.windowMs)} · {count(props.count)}
      </small>
    </div>
  );
}
