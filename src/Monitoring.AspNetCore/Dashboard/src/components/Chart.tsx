import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { duration, inUnit, none } from "./format";

export interface Line {
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** 0 to 6, a colour of the palette; its place by default. */
  readonly color?: number;
  readonly dashed?: boolean;
}

/** A line across the chart: where the values should stay below. */
export interface Level {
  readonly label: string;
  readonly value: number;
  readonly tone: "warning" | "critical";
}

/** Something that happened while the values were taken. */
export interface Mark {
  readonly from: number;
  /** Until when; until now without it. */
  readonly to?: number;
  readonly label: string;
  readonly tone: "warning" | "critical";
}

/** Lines over time on one axis. Says in words what it shows; the figures are also under the pointer and the arrow keys. */
export function Chart(props: {
  label: string;
  /** Unix milliseconds of the first point. */
  start: number;
  stepMs: number;
  lines: readonly Line[];
  unit: string;
  levels?: readonly Level[];
  marks?: readonly Mark[];
  height?: number;
  /** Whether the lines are named below; where only one is drawn its name stands beside the chart anyway. */
  legend?: boolean;
}) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const [said, setSaid] = useState("");
  const height = props.height ?? 160;
  const shape = `${props.lines.map((line) => `${line.label}${line.color}${line.dashed}`).join("\n")}|${props.unit}|${height}`;

  useEffect(() => {
    const element = host.current!;
    const style = () => getComputedStyle(element);
    const color = (name: string) => style().getPropertyValue(name).trim() || "currentColor";
    const axis = {
      stroke: () => color("--muted"),
      grid: { stroke: () => color("--line"), width: 1 },
      ticks: { show: false },
      font: "11px system-ui, sans-serif",
    };
    const created = new uPlot(
      {
        width: Math.max(element.clientWidth, 120),
        height,
        ms: 1,
        cursor: { drag: { x: false, y: false }, points: { size: 6 } },
        legend: { show: latest.current.legend ?? true, live: true },
        scales: { x: { time: true }, y: { range: (_, __, top) => [0, ceiling(top, latest.current.levels)] } },
        axes: [
          { ...axis, space: 70, size: 24, values: (_, ticks, __, ___, step) => ticks.map((tick) => time(tick, step)) },
          { ...axis, size: 64, values: (_, ticks) => ticks.map((tick) => inUnit(tick, latest.current.unit)) },
        ],
        series: [
          { value: (_, at) => (at == null ? none : new Date(at).toLocaleTimeString("en-GB")), label: "Time" },
          ...latest.current.lines.map((line, place) => ({
            label: line.label,
            stroke: () => color(`--series-${(line.color ?? place) % 7}`),
            width: 1.5,
            ...(line.dashed ? { dash: [4, 4] } : {}),
            points: { show: false },
            gaps: (plot: uPlot, _: number, __: number, ___: number, gaps: [number, number][]) =>
              gaps.filter(
                ([from, to]) =>
                  plot.posToVal(to, "x", true) - plot.posToVal(from, "x", true) > 4 * latest.current.stepMs,
              ),
            value: (_: uPlot, value: number | null) => inUnit(value, latest.current.unit),
          })),
        ],
        hooks: {
          drawClear: [(self) => drawMarks(self, latest.current.marks ?? [], color)],
          draw: [(self) => drawLevels(self, latest.current.levels ?? [], latest.current.marks ?? [], color)],
          // At rest the legend has the newest figures.
          setLegend: [(self) => (self.cursor.left ?? -1) < 0 && self.setLegend({ idx: newest(self.data) }, false)],
        },
      },
      data(latest.current),
      element,
    );
    plot.current = created;
    const resized = new ResizeObserver(() => created.setSize({ width: Math.max(element.clientWidth, 120), height }));
    resized.observe(element);
    const repaint = () => created.redraw();
    addEventListener("themechange", repaint);
    return () => {
      removeEventListener("themechange", repaint);
      resized.disconnect();
      created.destroy();
      plot.current = null;
    };
  }, [shape]);

  useEffect(() => {
    plot.current?.setData(data(props));
  }, [props.start, props.stepMs, props.lines, props.levels, props.marks]);

  const moved = (event: KeyboardEvent) => {
    const self = plot.current;
    const step = ({ ArrowLeft: -1, ArrowRight: 1 } as Record<string, number>)[event.key];
    if (!self || step === undefined) return;
    event.preventDefault();
    const times = self.data[0];
    const from = (self.cursor.left ?? -1) < 0 ? newest(self.data) : self.posToIdx(self.cursor.left!);
    const place = Math.min(times.length - 1, Math.max(0, from + step));
    self.setCursor({ left: self.valToPos(times[place]!, "x"), top: 0 });
    setSaid(point(latest.current, place));
  };
  const left = () => {
    plot.current?.setCursor({ left: -10, top: -10 });
    setSaid("");
  };

  return (
    <>
      <div
        class="chart"
        ref={host}
        role="img"
        tabIndex={0}
        aria-label={`${props.label}. ${describe(props.lines, props.unit, props.stepMs)} The arrow keys go through it.`}
        onKeyDown={moved}
        onBlur={left}
      />
      <span class="hidden" role="status">
        {said}
      </span>
    </>
  );
}

function data(props: { start: number; stepMs: number; lines: readonly Line[] }): uPlot.AlignedData {
  const length = props.lines.reduce((most, line) => Math.max(most, line.values.length), 0);
  const times = Array.from({ length }, (_, place) => props.start + place * props.stepMs);
  return [times, ...props.lines.map((line) => [...line.values])] as uPlot.AlignedData;
}

// Where the newest figure of any line is.
function newest(data: uPlot.AlignedData): number {
  const [times, ...lines] = data;
  const places = lines.map((line) => (line as (number | null)[]).findLastIndex((value) => value !== null));
  return Math.max(places.length === 0 ? times.length - 1 : 0, ...places);
}

/** The figures of one moment, in words. */
function point(props: { start: number; stepMs: number; lines: readonly Line[]; unit: string }, place: number): string {
  const figures = props.lines.map((line) => `${line.label} ${inUnit(line.values[place] ?? null, props.unit)}`);
  return `${time(props.start + place * props.stepMs, props.stepMs)}: ${figures.join(", ")}`;
}

// The axis says no more of the time than tells its ticks apart.
function time(at: number, stepMs: number): string {
  const second = stepMs < 60_000 ? ({ second: "2-digit" } as const) : {};
  return new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", ...second });
}

// A target is always in sight, unless it is so far above that the line would be flat.
function ceiling(top: number | null, levels: readonly Level[] = []): number {
  const values = top ?? 0;
  const seen = levels.map((level) => level.value).filter((value) => value <= Math.max(values * 4, 1e-9));
  return Math.max(values, ...seen, least) * 1.15;
}

// A line of zeros lies on the axis, whatever it counts.
const least = 1;

function drawLevels(plot: uPlot, levels: readonly Level[], marks: readonly Mark[], color: (name: string) => string) {
  const { ctx, bbox } = plot;
  // Pixels at the top that a label above its line has no room in, for it lacks the height or the marks have theirs there.
  const taken = marks.length > 0 ? 32 : 14;
  levels.forEach((level, place) => {
    const y = plot.valToPos(level.value, "y", true);
    if (y < bbox.top || y > bbox.top + bbox.height) return;
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = color(`--${level.tone}`);
    ctx.setLineDash([6, 4]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
    // One at the left, the next at the right: levels that are close do not write over each other.
    const isLeft = place % 2 === 0 && levels.length > 1;
    ctx.textAlign = isLeft ? "left" : "right";
    const below = y - bbox.top < taken * devicePixelRatio;
    ctx.fillText(
      level.label,
      isLeft ? bbox.left + 4 : bbox.left + bbox.width - 4,
      below ? y + 13 * devicePixelRatio : y - 4,
    );
    ctx.restore();
  });
}

function drawMarks(plot: uPlot, marks: readonly Mark[], color: (name: string) => string) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  const right = bbox.left + bbox.width;
  ctx.textAlign = "left";
  let free = bbox.left;
  for (const mark of marks) {
    const from = plot.valToPos(mark.from, "x", true);
    const to = mark.to === undefined ? right : plot.valToPos(mark.to, "x", true);
    if (to < bbox.left || from > right) continue;
    ctx.globalAlpha = 0.18;
    ctx.fillStyle = color(`--${mark.tone}`);
    ctx.fillRect(from, bbox.top, Math.max(2, to - from), bbox.height);
    ctx.globalAlpha = 1;
    // A label that would lie on another is left out: what it says is also below the chart.
    const width = ctx.measureText(mark.label).width;
    const at = Math.min(Math.max(from, bbox.left) + 4, right - width - 4);
    if (at < free) continue;
    ctx.fillText(mark.label, at, bbox.top + 14 * devicePixelRatio);
    free = at + width + 8;
  }
  ctx.restore();
}

function describe(lines: readonly Line[], unit: string, stepMs: number): string {
  const said = lines.map((line) => {
    const known = line.values.filter((value): value is number => value !== null);
    const last = line.values.findLast((value) => value !== null);
    return known.length === 0
      ? `${line.label}: no data`
      : `${line.label}: at last ${inUnit(last, unit)}, at most ${inUnit(Math.max(...known), unit)}`;
  });
  const length = lines.reduce((most, line) => Math.max(most, line.values.length), 0);
  return `Over ${duration(length * stepMs)}. ${said.join("; ")}.`;
}
