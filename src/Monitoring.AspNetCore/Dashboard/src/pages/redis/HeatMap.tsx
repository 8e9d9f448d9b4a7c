import { useEffect, useRef, useState } from "preact/hooks";
import { clock, count } from "../../components/format";
import { heatOf, sayCell, sayMap, shadeOf, shades, short, startOf, type Heat, type LatencyMap } from "./heat";

const left = 62;
const bottom = 22;
const rowHeight = 14;

interface Cell {
  readonly column: number;
  readonly row: number;
}

/**
 * How the latency was distributed over time: a column is a time, a row a range of latencies, the darker (in the dark: the
 * brighter) the more operations. What a cell holds is said for the pointer and the arrow keys.
 */
export function HeatMap(props: { map: LatencyMap }) {
  const heat = heatOf(props.map);
  return heat ? <Drawn heat={heat} /> : null;
}

function Drawn(props: { heat: Heat }) {
  const { heat } = props;
  const { map } = heat;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const [cell, setCell] = useState<Cell | null>(null);
  const [theme, setTheme] = useState(0);
  const height = (heat.last - heat.first + 1) * rowHeight + bottom;

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
    if (width > 0) draw(canvas.current!, heat, width, height, cell);
  }, [heat.map, width, height, cell, theme]);

  const at = (event: PointerEvent): Cell | null => {
    const box = canvas.current!.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left - left) / (width - left)) * map.columns.length);
    const row = heat.last - Math.floor((event.clientY - box.top) / rowHeight);
    return column < 0 || column >= map.columns.length || row < heat.first || row > heat.last ? null : { column, row };
  };
  const moved = (event: KeyboardEvent) => {
    const step: Record<string, [number, number]> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, 1],
      ArrowDown: [0, -1],
    };
    const [columns, rows] = step[event.key] ?? [];
    if (columns === undefined || rows === undefined) return;
    event.preventDefault();
    const from = cell ?? { column: map.columns.length - 1 - columns, row: heat.first - rows };
    setCell({
      column: Math.min(map.columns.length - 1, Math.max(0, from.column + columns)),
      row: Math.min(heat.last, Math.max(heat.first, from.row + rows)),
    });
  };

  const summary = sayMap(heat);
  return (
    <figure class="heat">
      <div
        class="map"
        role="group"
        tabIndex={0}
        aria-label={`${summary} The arrow keys go through it.`}
        onKeyDown={moved}
      >
        <canvas
          ref={canvas}
          role="img"
          aria-label={summary}
          style={{ height: `${height}px` }}
          onPointerMove={(event) => setCell(at(event))}
          onPointerLeave={() => setCell(null)}
        />
      </div>
      <figcaption>
        <span class="cell number" aria-live="polite">
          {cell ? sayCell(map, cell.column, cell.row) : summary}
        </span>
        <Legend heat={heat} />
      </figcaption>
    </figure>
  );
}

function Legend(props: { heat: Heat }) {
  const { bounds } = props.heat;
  return (
    <ul class="legend" aria-label="Operations in a cell">
      {bounds.map((upper, place) => {
        const lower = place === 0 ? 1 : bounds[place - 1]! + 1;
        return (
          <li key={place} class="number">
            <i class={`heat-${place + 1}`} aria-hidden="true" />
            {lower >= upper ? count(upper) : `${count(lower)}–${count(upper)}`}
          </li>
        );
      })}
    </ul>
  );
}

function draw(canvas: HTMLCanvasElement, heat: Heat, width: number, height: number, marked: Cell | null) {
  const { map, first, last, bounds } = heat;
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext("2d");
  if (!context) return;
  const style = getComputedStyle(canvas);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const colors = Array.from({ length: shades }, (_, shade) => color(`--heat-${shade + 1}`));
  context.scale(ratio, ratio);
  const size = (width - left) / map.columns.length;
  // Edges on whole pixels of the device: no seams between cells.
  const x = (column: number) => Math.round((left + column * size) * ratio) / ratio;
  const y = (row: number) => (last - row) * rowHeight;
  map.columns.forEach((column, place) => {
    for (let row = first; row <= last; row++) {
      const shade = shadeOf(column[row] ?? 0, bounds);
      if (shade === 0) continue;
      context.fillStyle = colors[shade - 1]!;
      context.fillRect(x(place), y(row), x(place + 1) - x(place), rowHeight);
    }
  });
  context.font = "11px system-ui, sans-serif";
  context.fillStyle = color("--muted");
  context.strokeStyle = color("--line");
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (let row = first; row < last; row++) {
    const upper = map.upperBoundsMs[row];
    if (upper == null || (row - first) % 2 !== 0) continue;
    context.fillText(short(upper), left - 6, y(row));
    context.beginPath();
    context.moveTo(left - 3, y(row) + 0.5);
    context.lineTo(left, y(row) + 0.5);
    context.stroke();
  }
  context.textBaseline = "alphabetic";
  const labels = Math.max(1, Math.floor((width - left) / 110));
  for (let label = 0; label < labels; label++) {
    const column = Math.round((label * map.columns.length) / labels);
    context.textAlign = "left";
    context.fillText(clock(startOf(map, column)), x(column), height - 6);
  }
  if (marked) {
    context.strokeStyle = color("--text");
    context.lineWidth = 2;
    context.strokeRect(x(marked.column), y(marked.row), x(marked.column + 1) - x(marked.column), rowHeight);
  }
}
