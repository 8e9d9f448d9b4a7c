import { useEffect, useId, useState } from "preact/hooks";
import { Choice } from "../../components/Choice";
import { fromInput, problemOf, toInput, type Bounds, type HistoryView } from "./view";

const named = [
  ["15m", "15 min"],
  ["1h", "1 h"],
  ["6h", "6 h"],
  ["24h", "24 h"],
] as const;

/** From when to when, and against what. */
export function RangeChooser(props: {
  view: HistoryView;
  bounds: Bounds;
  oldestAt: number | null;
  /** The moment that is now; nothing is known after it. */
  now: number;
  /** A report holds the last hour only. */
  isReport: boolean;
  onChange: (change: Partial<HistoryView>) => void;
}) {
  const { view, bounds, onChange } = props;
  const id = useId();
  const own = typeof view.range !== "string";
  const limits = {
    min: toInput(props.oldestAt ?? props.now - 86_400_000),
    max: toInput(props.now),
    step: 1,
  };
  return (
    <div class="choosers">
      <div>
        <h3 id={`${id}-range`}>Range</h3>
        <Choice
          label="Range"
          options={[...(props.isReport ? named.slice(0, 2) : named), ["own", "From … to …"]]}
          value={own ? "own" : (view.range as string)}
          onChange={(range) => onChange({ range: range === "own" ? bounds : (range as HistoryView["range"]) })}
        />
        {own && <Own bounds={bounds} limits={limits} onChange={(range) => onChange({ range })} />}
      </div>
      <div>
        <h3>Compared with</h3>
        <Choice
          label="Compared with"
          options={[
            ["none", "Nothing"],
            ["previous", "The time before"],
            ["yesterday", "A day earlier"],
            ["own", "From …"],
          ]}
          value={typeof view.compare === "number" ? "own" : view.compare}
          onChange={(compare) =>
            onChange({
              compare:
                compare === "own"
                  ? Math.floor((bounds.from - (bounds.to - bounds.from)) / 1000) * 1000
                  : (compare as HistoryView["compare"]),
            })
          }
        />
        {typeof view.compare === "number" && (
          <div class="moments">
            <Moment
              label="Begins"
              value={view.compare}
              limits={limits}
              onChange={(compare) => Number.isFinite(compare) && onChange({ compare })}
            />
          </div>
        )}
      </div>
    </div>
  );
}

interface Limits {
  readonly min: string;
  readonly max: string;
  readonly step: number;
}

// Both ends are kept as they are typed; the view changes when they make sense together.
function Own(props: { bounds: Bounds; limits: Limits; onChange: (bounds: Bounds) => void }) {
  const [from, setFrom] = useState(props.bounds.from);
  const [to, setTo] = useState(props.bounds.to);
  useEffect(() => {
    setFrom(props.bounds.from);
    setTo(props.bounds.to);
  }, [props.bounds.from, props.bounds.to]);
  const problem = problemOf(from, to);
  const put = (begin: number, end: number) => {
    setFrom(begin);
    setTo(end);
    if (problemOf(begin, end) === null) props.onChange({ from: begin, to: end });
  };
  return (
    <div class="moments">
      <Moment label="From" value={from} limits={props.limits} onChange={(value) => put(value, to)} />
      <Moment label="To" value={to} limits={props.limits} onChange={(value) => put(from, value)} />
      {problem && (
        <p class="error" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

function Moment(props: { label: string; value: number; limits: Limits; onChange: (value: number) => void }) {
  return (
    <label>
      {props.label}{" "}
      <input
        type="datetime-local"
        {...props.limits}
        value={Number.isFinite(props.value) ? toInput(props.value) : ""}
        onChange={(event) => props.onChange(fromInput(event.currentTarget.value))}
      />
    </label>
  );
}
