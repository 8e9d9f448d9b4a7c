import { clock, duration, words } from "../../components/format";
import type { CircuitState, Segment } from "./circuits";

// The worse, the higher: the colours need not be told apart.
const shapes: Record<CircuitState, { tone: string; height: number }> = {
  Closed: { tone: "good", height: 6 },
  HalfOpen: { tone: "warning", height: 14 },
  Open: { tone: "critical", height: 24 },
  Isolated: { tone: "critical", height: 24 },
};

const height = 24;

/** The states of a circuit along the window. */
export function CircuitStrip(props: { parts: readonly Segment[]; from: number; to: number }) {
  const { parts, from, to } = props;
  const width = 1000;
  const place = (at: number) => ((at - from) / (to - from)) * width;
  const troubles = parts.filter((part) => part.state !== "Closed");
  const said = troubles.map(
    (part) =>
      `${words(part.state).toLowerCase()} from ${clock(new Date(part.from))} for ${duration(part.to - part.from)}`,
  );
  const more = said.length > 10 ? ` and ${said.length - 10} more` : "";
  return (
    <figure class="circuit-strip">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`States over time: ${said.slice(-10).join(", ") || "closed throughout"}${more}`}
      >
        {parts.map((part) => {
          const shape = shapes[part.state];
          return (
            <rect
              key={part.from}
              class={shape.tone}
              x={place(part.from)}
              width={Math.max(place(part.to) - place(part.from), 1.5)}
              y={height - shape.height}
              height={shape.height}
            />
          );
        })}
      </svg>
      <figcaption aria-hidden="true">
        <span class="number">{clock(new Date(from))}</span>
        <span>low: closed, half: half-open, full: open</span>
        <span class="number">{clock(new Date(to))}</span>
      </figcaption>
    </figure>
  );
}
