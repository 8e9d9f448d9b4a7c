import { clock } from "../../components/format";
import { shadeOf, shades, short, type Heat } from "./heat";

const left = 62;
const bottom = 22;
const rowHeight = 14;
const ticks = [1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800].map((seconds) => seconds * 1000);

/** A place on the map: which column of it, and which row of latencies. */
export interface Cell {
  readonly column: number;
  readonly row: number;
}

/** Where everything is on a map of a width. */
export function plot(heat: Heat, width = 0) {
  const { from, to, first, last } = heat;
  const height = (last - first + 1) * rowHeight + bottom;
  const x = (at: number) => left + ((at - from) / (to - from)) * (width - left);
  const y = (row: number) => (last - row) * rowHeight;
  const cellAt = (pixelX: number, pixelY: number): Cell | null => {
    const at = from + ((pixelX - left) / (width - left)) * (to - from);
    const column = heat.columns.findIndex((each) => at >= each.from && at < each.to);
    const row = last - Math.floor(pixelY / rowHeight);
    return column < 0 || row < first || row > last ? null : { column, row };
  };
  return { height, x, y, cellAt };
}

/** Paints the map; `marked` is the cell that is spoken of. */
export function paint(canvas: HTMLCanvasElement, heat: Heat, width: number, marked: Cell | null) {
  const { first, last } = heat;
  const { height, x: exact, y } = plot(heat, width);
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext("2d");
  if (!context) return;
  const style = getComputedStyle(canvas);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const colors = Array.from({ length: shades }, (_, shade) => color(`--heat-${shade + 1}`));
  context.scale(ratio, ratio);
  // Edges on whole pixels of the device: no seams between cells.
  const x = (at: number) => Math.round(exact(at) * ratio) / ratio;
  for (const column of heat.columns)
    for (let row = first; row <= last; row++) {
      const shade = shadeOf(heat, column, row);
      if (shade === 0) continue;
      context.fillStyle = colors[shade - 1]!;
      context.fillRect(x(column.from), y(row), x(column.to) - x(column.from), rowHeight);
    }

  context.font = "11px system-ui, sans-serif";
  context.fillStyle = color("--muted");
  context.strokeStyle = color("--line");
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (let row = first; row < last; row++) {
    const upper = heat.upperBoundsMs[row];
    if (upper === undefined || (row - first) % 2 !== 0) continue;
    context.fillText(short(upper), left - 6, y(row));
    line(context, left - 4, y(row), left, y(row));
  }
  line(context, left, height - bottom, width, height - bottom);
  context.textBaseline = "alphabetic";
  context.textAlign = "center";
  const room = (heat.to - heat.from) / ((width - left) / 90);
  const apart = ticks.find((tick) => tick >= room) ?? 3_600_000;
  for (let at = Math.ceil(heat.from / apart) * apart; at <= heat.to; at += apart) {
    if (exact(at) + 30 > width) break;
    line(context, x(at), height - bottom, x(at), height - bottom + 4);
    context.fillText(clock(new Date(at)), x(at), height - 5);
  }

  const column = marked && heat.columns[marked.column];
  if (!column) return;
  context.strokeStyle = color("--text");
  context.lineWidth = 2;
  context.strokeRect(x(column.from), y(marked.row), Math.max(2, x(column.to) - x(column.from)), rowHeight);
}

function line(context: CanvasRenderingContext2D, fromX: number, fromY: number, toX: number, toY: number) {
  context.beginPath();
  context.moveTo(fromX, fromY + 0.5);
  context.lineTo(toX, toY + 0.5);
  context.stroke();
}
