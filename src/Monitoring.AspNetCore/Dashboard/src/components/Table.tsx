import type { ComponentChildren } from "preact";
import { useMemo, useState } from "preact/hooks";

/** A column: what it shows, and by what it is sorted. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** What rows are sorted by; without it the column cannot be sorted. */
  readonly sort?: (row: Row) => number | string | null;
  /** Numbers stand at the right, each digit under the other. */
  readonly numeric?: boolean;
}

// More rows at once are not read, and each is drawn anew with every snapshot.
const most = 100;

/** A table that is sorted by a click on a heading and filtered by a text. */
export function Table<Row>(props: {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** What the filter looks at; without it there is none. */
  filter?: (row: Row) => string;
  empty: ComponentChildren;
  /** Title of the column that it is sorted by at first, falling; the order of the rows without it. */
  sortBy?: string;
  /** What a row opens into. */
  details?: (row: Row) => ComponentChildren;
}) {
  const [sort, setSort] = useState<{ title: string; falling: boolean } | null>(
    props.sortBy ? { title: props.sortBy, falling: true } : null,
  );
  const [text, setText] = useState("");
  const [all, setAll] = useState(false);
  const [opened, setOpened] = useState<string | null>(null);
  const rows = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    const found =
      wanted && props.filter
        ? props.rows.filter((row) => props.filter!(row).toLowerCase().includes(wanted))
        : [...props.rows];
    const by = props.columns.find((column) => column.title === sort?.title)?.sort;
    if (by) found.sort((a, b) => order(by(a), by(b)) * (sort!.falling ? -1 : 1));
    return found;
  }, [props.rows, props.columns, text, sort]);

  if (props.rows.length === 0) return <>{props.empty}</>;
  return (
    <div class="table">
      {props.filter && props.rows.length > 5 && (
        <input
          type="search"
          placeholder="Filter"
          aria-label={`Filter ${props.caption}`}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      )}
      <div class="scroll" tabIndex={0} role="group" aria-label={props.caption}>
        <table>
          <caption class="hidden">{props.caption}</caption>
          <thead>
            <tr>
              {props.columns.map((column) => {
                const falling = sort?.title === column.title ? sort.falling : null;
                return (
                  <th
                    key={column.title}
                    scope="col"
                    class={column.numeric ? "numeric" : ""}
                    aria-sort={falling === null ? undefined : falling ? "descending" : "ascending"}
                  >
                    {column.sort ? (
                      <button
                        type="button"
                        class="sort"
                        onClick={() =>
                          setSort({ title: column.title, falling: falling === null ? !!column.numeric : !falling })
                        }
                      >
                        {column.title}
                        <span aria-hidden="true">{falling === null ? "" : falling ? " ▾" : " ▴"}</span>
                      </button>
                    ) : (
                      column.title
                    )}
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {(all ? rows : rows.slice(0, most)).map((row) => {
              const key = props.keyOf(row);
              return [
                <tr key={key}>
                  {props.columns.map((column, place) => (
                    <td key={column.title} class={column.numeric ? "numeric" : ""}>
                      {place === 0 && props.details ? (
                        <button
                          type="button"
                          class="open"
                          aria-expanded={opened === key}
                          onClick={() => setOpened(opened === key ? null : key)}
                        >
                          <span aria-hidden="true">{opened === key ? "▾" : "▸"}</span> {column.cell(row)}
                        </button>
                      ) : (
                        column.cell(row)
                      )}
                    </td>
                  ))}
                </tr>,
                opened === key && props.details && (
                  <tr key={`${key} details`} class="details">
                    <td colSpan={props.columns.length}>{props.details(row)}</td>
                  </tr>
                ),
              ];
            })}
          </tbody>
        </table>
      </div>
      {rows.length > most && (
        <p class="hint">
          {all ? `All ${rows.length} rows.` : `The first ${most} of ${rows.length} rows.`}{" "}
          <button type="button" onClick={() => setAll(!all)}>
            {all ? `Show ${most}` : "Show all"}
          </button>
        </p>
      )}
      {rows.length === 0 && <p class="hint">Nothing matches “{text}”.</p>}
    </div>
  );
}

// What is not known stands last when the largest come first.
function order(a: number | string | null, b: number | string | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
}
