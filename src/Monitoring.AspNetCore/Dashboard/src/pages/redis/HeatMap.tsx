import { useEffect, useRef, useState } from "preact/hooks";
import { paint, plot, type Cell } from "./heatCanvas";
import { perSecond, sayCell, sayMap, type Heat } from "./heat";

/**
 * How the latency was distributed over time: a column is a time, a row a range of latencies, the darker (in the dark: the
 * brighter) the more operations. What a cell holds is said for the pointer and the arrow keys.
 */
export function HeatMap(props: { heat: Heat }) {
  const { heat } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const [pointed, setPointed] = useState<Cell | null>(null);
  const [theme, setTheme] = useState(0);
  const { height } = plot(heat);
  // The map goes on while a cell is looked at: what left it is not told any more.
  const cell = pointed && heat.columns[pointed.column] ? pointed : null;

  useEffect(() => {
    const element = canvas.current!;
    const resized = new ResizeObserver(() => setWidth(element.clientWidth));
    resized.observe(element);
    const themed = () => setTheme((before) => before + 1);
    addEventListener("themechange", themed);
    return () => {
      resized.disconnect();
      removeEventListener("themechange", themed);
    };
  }, []);
  useEffect(() => {
    if (width > 0) paint(canvas.current!, heat, width, cell);
  }, [heat, width, cell?.column, cell?.row, theme]);

  const pointedAt = (event: PointerEvent): Cell | null => {
    const box = canvas.current!.getBoundingClientRect();
    return plot(heat, width).cellAt(event.clientX - box.left, event.clientY - box.top);
  };
  const moved = (event: KeyboardEvent) => {
    const [columns, rows] = steps[event.key] ?? [];
    if (columns === undefined || rows === undefined) return;
    event.preventDefault();
    const last = heat.columns.length - 1;
    const from = cell ?? { column: last - columns, row: heat.first - rows };
    setPointed({
      column: Math.min(last, Math.max(0, from.column + columns)),
      row: Math.min(heat.last, Math.max(heat.first, from.row + rows)),
    });
  };

  const summary = sayMap(heat);
  return (
    <figure class="heat">
      <div class="map" role="group" tabIndex={0} aria-label="Heat map; the arrow keys go through it" onKeyDown={moved}>
        <canvas
          ref={canvas}
          role="img"
          aria-label={summary}
          style={{ height: `${height}px` }}
          onPointerMove={(event) => setPointed(pointedAt(event))}
          onPointerLeave={() => setPointed(null)}
        />
      </div>
      <figcaption>
        <span class="cell number">{cell ? sayCell(heat, heat.columns[cell.column]!, cell.row) : summary}</span>
        <span class="hidden" aria-live="polite">
          {cell && sayCell(heat, heat.columns[cell.column]!, cell.row)}
        </span>
        <ul class="heat-legend" aria-label="Operations a second in a cell">
          {heat.shades.map((upper, place) => (
            <li key={place} class="number">
              <i class={`heat-${place + 1}`} aria-hidden="true" />≤ {perSecond(upper)}
            </li>
          ))}
        </ul>
      </figcaption>
    </figure>
  );
}

const steps: Record<string, [columns: number, rows: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};
