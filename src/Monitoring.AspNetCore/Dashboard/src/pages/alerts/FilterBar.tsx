import { Choice } from "../../components/Choice";
import { words } from "../../components/format";
import type { Alert } from "../../data/types";
import { everything, isFiltered, type AlertFilter } from "./filter";

type Severity = Alert["severity"] | "all";

/** What of the alerts is shown. */
export function FilterBar(props: {
  filter: AlertFilter;
  categories: readonly Alert["category"][];
  onChange: (filter: AlertFilter) => void;
}) {
  const { filter } = props;
  const change = (part: Partial<AlertFilter>) => props.onChange({ ...filter, ...part });
  return (
    <search class="filter">
      <input
        type="search"
        placeholder="Filter alerts"
        aria-label="Filter alerts by text"
        value={filter.text}
        onInput={(event) => change({ text: event.currentTarget.value })}
      />
      <Choice<Severity>
        label="Severity"
        options={[
          ["all", "All"],
          ["Critical", "Critical"],
          ["Warning", "Warning"],
        ]}
        value={filter.severity ?? "all"}
        onChange={(severity) => change({ severity: severity === "all" ? null : severity })}
      />
      <select
        aria-label="Category"
        value={filter.category ?? ""}
        onChange={(event) => change({ category: (event.currentTarget.value || null) as AlertFilter["category"] })}
      >
        <option value="">All categories</option>
        {props.categories.map((category) => (
          <option key={category} value={category}>
            {words(category)}
          </option>
        ))}
      </select>
      {isFiltered(filter) && (
        <button type="button" onClick={() => props.onChange(everything)}>
          Show all
        </button>
      )}
    </search>
  );
}
