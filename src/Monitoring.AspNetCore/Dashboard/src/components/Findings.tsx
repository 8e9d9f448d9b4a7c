import { Text } from "./Text";

/** Something to know before any figure is read. */
export interface Finding {
  /** Neutral is what is not judged. */
  readonly tone: "good" | "neutral" | "warning" | "critical";
  readonly text: string;
}

const marks = { good: "✓", neutral: "○", warning: "▲", critical: "✖" } as const;
const words = { good: "Well: ", neutral: "", warning: "Warning: ", critical: "Critical: " } as const;

const order = ["critical", "warning", "neutral", "good"];

/** What is wrong, in sentences, the worst first. */
export function Findings(props: { findings: readonly Finding[] }) {
  return (
    <ul class="findings">
      {[...props.findings]
        .sort((a, b) => order.indexOf(a.tone) - order.indexOf(b.tone))
        .map((finding) => (
          <li key={finding.text} class={finding.tone}>
            <span aria-hidden="true">{marks[finding.tone]}</span>
            <span class="hidden">{words[finding.tone]}</span> <Text value={finding.text} />
          </li>
        ))}
    </ul>
  );
}
