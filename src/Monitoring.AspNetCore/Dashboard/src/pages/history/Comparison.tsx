import { Panel } from "../../components/Panel";
import { Table, type Column } from "../../components/Table";
import { inUnit } from "../../components/format";
import { seriesOf } from "../../data/series";
import { change, changeText, figuresOf, type Figures } from "./compare";
import type { Read } from "./MetricChart";
import { metricOf } from "./metrics";
import type { Choice } from "./view";
import { brief, Text } from "../../components/Text";

interface Row {
  readonly name: string;
  readonly unit: string;
  readonly now: Figures;
  readonly then: Figures | null;
}

type Part = keyof Figures;

const parts: readonly (readonly [Part, string])[] = [
  ["average", "Average"],
  ["p95", "p95"],
  ["maximum", "Maximum"],
];

export function rowsOf(choices: readonly Choice[], read: Read, other: Read | null): readonly Row[] {
  return choices.map((choice) => {
    const now = seriesOf(read.summary, choice.metric, choice.instance);
    const then = other ? seriesOf(other.summary, choice.metric, choice.instance) : undefined;
    const title = metricOf(choice.metric)?.title ?? choice.metric;
    return {
      name: choice.instance === null ? title : `${title}: ${choice.instance}`,
      unit: (now ?? then)?.unit ?? "",
      now: figuresOf(now),
      then: other ? figuresOf(then) : null,
    };
  });
}

/** Which metric differs most from what it was, in a sentence; null where none can be compared. */
export function says(rows: readonly Row[], otherLabel: string): string | null {
  const differing = rows
    .map((row) => ({ row, by: change(row.now.average, row.then?.average ?? null) }))
    .filter((one): one is { row: Row; by: number } => one.by !== null)
    .sort((a, b) => Math.abs(b.by) - Math.abs(a.by));
  const [first] = differing;
  if (!first) return null;
  if (Math.abs(first.by) < 5) return `All averages are within 5 % of ${otherLabel}.`;
  const { row } = first;
  const text = changeText(row.now.average, row.then!.average);
  return `Most different from ${otherLabel}: ${brief(row.name)}, ${inUnit(row.now.average, row.unit)} on average instead of ${inUnit(row.then!.average, row.unit)} (${text}).`;
}

/** The figures of each metric over the range, beside those of the other range. */
export function Comparison(props: { rows: readonly Row[]; otherLabel: string | null }) {
  const columns: Column<Row>[] = [
    { title: "Metric", cell: (row) => <Text value={row.name} />, sort: (row) => row.name },
    ...parts.flatMap(([part, title]): Column<Row>[] => [
      { title, cell: (row) => inUnit(row.now[part], row.unit), numeric: true },
      ...(props.otherLabel === null
        ? []
        : [
            {
              title: `${title} then`,
              cell: (row: Row) => inUnit(row.then?.[part], row.unit),
              numeric: true,
            },
            {
              title: `${title} by`,
              cell: (row: Row) => changeText(row.now[part], row.then?.[part] ?? null),
              sort: (row: Row) => change(row.now[part], row.then?.[part] ?? null),
              numeric: true,
            },
          ]),
    ]),
  ];
  return (
    <Panel
      title="Figures"
      note={
        props.otherLabel === null
          ? "Average and p95 are of the points; the maximum is of all values."
          : `Average and p95 are of the points; the maximum is of all values. “Then” is ${props.otherLabel}.`
      }
      wide
    >
      <Table
        caption="Figures of the range"
        columns={columns}
        rows={props.rows}
        keyOf={(row) => row.name}
        empty={null}
      />
    </Panel>
  );
}
