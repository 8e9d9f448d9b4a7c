import { none, percent } from "../../components/format";

/** A share of 100 % as a bar, with notches where it warns and where it is critical. */
export function Bar(props: { label: string; percent: number | null; warning?: number; critical?: number }) {
  const { warning, critical } = props;
  const value = props.percent;
  const tone =
    value === null
      ? ""
      : critical !== undefined && value >= critical
        ? "critical"
        : warning !== undefined && value >= warning
          ? "warning"
          : "good";
  return (
    <span class={`level ${tone}`}>
      <span
        class="track"
        role="meter"
        aria-label={props.label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={value ?? 0}
        aria-valuetext={value === null ? "not known" : `${percent(value)}${tone === "good" ? "" : `, ${tone}`}`}
      >
        <span class="value" style={{ width: `${Math.min(100, value ?? 0)}%` }} />
        {warning !== undefined && <span class="notch" style={{ left: `${warning}%` }} />}
        {critical !== undefined && <span class="notch" style={{ left: `${critical}%` }} />}
      </span>
      <b class="number">{value === null ? none : percent(value)}</b>
    </span>
  );
}
