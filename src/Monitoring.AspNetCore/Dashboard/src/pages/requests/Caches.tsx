import { Empty, Panel } from "../../components/Panel";
import { Table, type Column } from "../../components/Table";
import { count, none, percent, words } from "../../components/format";
import type { Schemas } from "../../data/types";
import { Text } from "../../components/Text";

type Cache = Schemas["CacheStatistics"];

const hitRate = (row: Cache) => (row.lookups === 0 ? null : row.hitRatePercent);

const columns: Column<Cache>[] = [
  { title: "Cache", cell: (row) => <Text value={row.name} />, sort: (row) => row.name },
  { title: "Kind", cell: (row) => words(row.source), sort: (row) => row.source },
  {
    title: "Hit rate",
    cell: (row) => (hitRate(row) === null ? none : <Rate value={row.hitRatePercent ?? 0} />),
    sort: hitRate,
  },
  { title: "Lookups", cell: (row) => count(row.lookups), sort: (row) => row.lookups, numeric: true },
  { title: "Hits", cell: (row) => count(row.hits), sort: (row) => row.hits, numeric: true },
  { title: "Misses", cell: (row) => count(row.misses), sort: (row) => row.misses, numeric: true },
];

/** How often each cache had what was asked for. */
export function Caches(props: { caches: Schemas["CacheSummary"] }) {
  const { caches } = props;
  return (
    <Panel
      title="Caches"
      note={
        caches.lookups > 0
          ? `${percent(caches.hitRatePercent)} of ${count(caches.lookups)} lookups found what they asked for.`
          : undefined
      }
      wide
    >
      <Table
        caption="Caches"
        columns={columns}
        rows={caches.caches}
        keyOf={(row) => `${row.source} ${row.name}`}
        filter={(row) => row.name}
        sortBy="Lookups"
        empty={
          <Empty title="No cache was asked in this time.">
            Record lookups with monitor.Caches, or let it watch a MemoryCache or HybridCache: see docs/caches.md.
          </Empty>
        }
      />
      {caches.overflowedCaches > 0 && (
        <p class="hint">{count(caches.overflowedCaches)} lookups found no room and are summed up as OTHER.</p>
      )}
    </Panel>
  );
}

function Rate(props: { value: number }) {
  return (
    <span class="rate">
      <span class="mini" aria-hidden="true">
        <span class="fill-2" style={{ width: `${props.value}%` }} />
      </span>
      <span class="number">{percent(props.value)}</span>
    </span>
  );
}
