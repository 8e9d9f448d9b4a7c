import { Empty, Panel } from "../../components/Panel";
import { Table, type Column } from "../../components/Table";
import { bytes, rate } from "../../components/format";
import type { Schemas } from "../../data/types";
import { Fact, Facts } from "./Facts";
import { Text } from "../../components/Text";

type Interface = Schemas["NetworkInterfaceSummary"];

const perSecond = (value: number | null) => `${bytes(value)}/s`;

const columns: Column<Interface>[] = [
  { title: "Interface", cell: (row) => <Text value={row.name} />, sort: (row) => row.name },
  {
    title: "Received",
    cell: (row) => perSecond(row.receivedBytesPerSecond),
    sort: (row) => row.receivedBytesPerSecond,
    numeric: true,
  },
  {
    title: "Sent",
    cell: (row) => perSecond(row.sentBytesPerSecond),
    sort: (row) => row.sentBytesPerSecond,
    numeric: true,
  },
  {
    title: "Packets in",
    cell: (row) => rate(row.receivedPacketsPerSecond),
    sort: (row) => row.receivedPacketsPerSecond,
    numeric: true,
  },
  {
    title: "Packets out",
    cell: (row) => rate(row.sentPacketsPerSecond),
    sort: (row) => row.sentPacketsPerSecond,
    numeric: true,
  },
  {
    title: "Errors",
    cell: (row) => ((row.errorsPerSecond ?? 0) > 0 ? `✖ ${rate(row.errorsPerSecond)}` : rate(row.errorsPerSecond)),
    sort: (row) => row.errorsPerSecond,
    numeric: true,
  },
];

/** Traffic of the network, without the loopback. */
export function Network(props: { network: Schemas["NetworkSummary"] | null }) {
  const { network } = props;
  return (
    <Panel title="Network" note="All interfaces but the loopback.">
      <Facts>
        <Fact
          label="Received"
          value={network && perSecond(network.receivedBytesPerSecond)}
          why="this platform does not tell"
        />
        <Fact label="Sent" value={network && perSecond(network.sentBytesPerSecond)} why="this platform does not tell" />
      </Facts>
      {network && (
        <Table
          caption="Network interfaces"
          columns={columns}
          rows={network.interfaces}
          keyOf={(row) => row.name}
          empty={<Empty title="No interface but the loopback is known here." />}
        />
      )}
    </Panel>
  );
}
