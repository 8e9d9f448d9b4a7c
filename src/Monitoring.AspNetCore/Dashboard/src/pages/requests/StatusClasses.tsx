import { count, none } from "../../components/format";
import type { Schemas } from "../../data/types";

type Counts = Schemas["StatusClassCounts"];

// What went well is green, what the caller did wrong yellow, what the service did wrong red.
const classes = [
  { name: "1xx", color: 6, of: (counts: Counts) => counts.status1xx },
  { name: "2xx", color: 2, of: (counts: Counts) => counts.status2xx },
  { name: "3xx", color: 4, of: (counts: Counts) => counts.status3xx },
  { name: "4xx", color: 1, of: (counts: Counts) => counts.status4xx },
  { name: "5xx", color: 5, of: (counts: Counts) => counts.status5xx },
];

/** The classes that there were answers of. */
export function classesOf(counts: Counts) {
  return classes.map(({ name, color, of }) => ({ name, color, value: of(counts) })).filter(({ value }) => value > 0);
}

/** Answers by class of their status, as a bar and in figures. */
export function StatusClasses(props: { counts: Counts }) {
  const shown = classesOf(props.counts);
  const all = shown.reduce((sum, { value }) => sum + value, 0);
  if (all === 0) return <>{none}</>;
  return (
    <span class="status-classes">
      <span class="mini" aria-hidden="true">
        {shown.map(({ name, color, value }) => (
          <span key={name} class={`fill-${color}`} style={{ width: `${(value / all) * 100}%` }} />
        ))}
      </span>
      <small class="number">{shown.map(({ name, value }) => `${name} ${count(value)}`).join(" · ")}</small>
    </span>
  );
}
