import { Badge } from "../../components/Badge";
import { duration, words } from "../../components/format";
import { Empty, Panel } from "../../components/Panel";
import { Table, type Column } from "../../components/Table";
import type { Schemas } from "../../data/types";

type Rule = Schemas["AlertRuleStatus"];

/** How a rule stands, the worst of it. */
export function standing(rule: Rule): {
  readonly text: string;
  readonly tone: "good" | "warning" | "critical" | "neutral";
} {
  if (!rule.isEnabled) return { text: "Off", tone: "neutral" };
  if (rule.error !== null) return { text: "Error", tone: "critical" };
  if (rule.active > 0) return { text: `${rule.active} active`, tone: "critical" };
  if (rule.pending > 0) return { text: `${rule.pending} pending`, tone: "warning" };
  return rule.series === 0 ? { text: "No data", tone: "neutral" } : { text: "Quiet", tone: "good" };
}

const columns: readonly Column<Rule>[] = [
  { title: "Rule", cell: (rule) => <bdi>{rule.name}</bdi>, sort: (rule) => rule.name },
  {
    title: "Stands",
    cell: (rule) => <Badge state="Rule" {...standing(rule)} />,
    sort: (rule) => rule.active * 1000 + rule.pending + (rule.error === null ? 0 : 1e6),
  },
  {
    title: "Condition",
    cell: (rule) => (
      <div class="condition">
        <bdi>{rule.condition}</bdi>
        {rule.error !== null && (
          <p class="error">
            <bdi>{rule.error}</bdi>
          </p>
        )}
      </div>
    ),
  },
  { title: "Category", cell: (rule) => words(rule.category), sort: (rule) => rule.category },
  {
    title: "Fires after",
    cell: (rule) => (rule.forMs > 0 ? duration(rule.forMs) : "at once"),
    sort: (rule) => rule.forMs,
    numeric: true,
  },
  { title: "Series", cell: (rule) => rule.series, sort: (rule) => rule.series, numeric: true },
  { title: "From", cell: (rule) => words(rule.origin), sort: (rule) => rule.origin },
];

/** Each rule, what it looks for and what it has found. */
export function Rules(props: { rules: readonly Rule[] }) {
  return (
    <Panel title="Rules" note="What makes an alert. They are set in the configuration; see docs/alerts.md." wide>
      <Table
        caption="Alert rules"
        columns={columns}
        rows={props.rules}
        keyOf={(rule) => rule.name}
        filter={(rule) => `${rule.name} ${rule.category} ${rule.condition}`}
        empty={<Empty title="There is no rule." />}
      />
    </Panel>
  );
}
