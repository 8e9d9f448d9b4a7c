import { words } from "./format";

const tones: Record<string, string> = {
  Healthy: "good",
  Closed: "good",
  Resolved: "good",
  Warning: "warning",
  HalfOpen: "warning",
  Elevated: "warning",
  Pending: "warning",
  Critical: "critical",
  Open: "critical",
  Isolated: "critical",
  Severe: "critical",
  Firing: "critical",
};

// Shapes differ as colours do: who cannot tell the colours apart still sees which is which.
const marks: Record<string, string> = { good: "✓", warning: "▲", critical: "✖", neutral: "○" };

/** A state in a word, with a colour and a shape of its own. */
export function Badge(props: { state: string; tone?: "good" | "warning" | "critical" | "neutral"; text?: string }) {
  const tone = props.tone ?? tones[props.state] ?? "neutral";
  return (
    <span class={`badge ${tone}`}>
      <span aria-hidden="true">{marks[tone]}</span> {props.text ?? words(props.state)}
    </span>
  );
}
