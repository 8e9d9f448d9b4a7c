import { Empty, Panel } from "../../components/Panel";
import { Table, type Column } from "../../components/Table";
import { bytes, count, percent, rate } from "../../components/format";
import type { Thresholds } from "../../data/thresholds";
import type { Schemas } from "../../data/types";
import { Bar } from "./Bar";
import { Fact, Facts } from "./Facts";
import { notches } from "./notches";
import { Text } from "../../components/Text";

type Disk = Schemas["DiskSummary"];
type Device = Schemas["DiskDeviceSummary"];

const perSecond = (value: number | null) => `${bytes(value)}/s`;

const devices: Column<Device>[] = [
  { title: "Device", cell: (row) => <Text value={row.name} />, sort: (row) => row.name },
  {
    title: "Read",
    cell: (row) => perSecond(row.readBytesPerSecond),
    sort: (row) => row.readBytesPerSecond,
    numeric: true,
  },
  {
    title: "Written",
    cell: (row) => perSecond(row.writtenBytesPerSecond),
    sort: (row) => row.writtenBytesPerSecond,
    numeric: true,
  },
  { title: "Reads", cell: (row) => rate(row.readsPerSecond), sort: (row) => row.readsPerSecond, numeric: true },
  { title: "Writes", cell: (row) => rate(row.writesPerSecond), sort: (row) => row.writesPerSecond, numeric: true },
  { title: "Busy", cell: (row) => percent(row.busyPercent), sort: (row) => row.busyPercent, numeric: true },
];

/** Space of the disks and what is read and written. */
export function Disks(props: {
  disks: readonly Disk[];
  io: Schemas["DiskIoSummary"] | null;
  leftOut: number;
  thresholds: Thresholds;
}) {
  const disks: Column<Disk>[] = [
    {
      title: "Disk",
      cell: (row) => (
        <>
          <Text value={row.name} /> <small>{row.format}</small>
        </>
      ),
      sort: (row) => row.name,
    },
    {
      title: "Used",
      cell: (row) => (
        <Bar label={`Disk ${row.name}`} percent={row.usedPercent} {...notches(props.thresholds, "Disk")} />
      ),
      sort: (row) => row.usedPercent,
    },
    { title: "Left", cell: (row) => bytes(row.availableBytes), sort: (row) => row.availableBytes, numeric: true },
    { title: "Size", cell: (row) => bytes(row.totalBytes), sort: (row) => row.totalBytes, numeric: true },
  ];
  return (
    <Panel title="Disks" wide>
      <Table
        caption="Disks"
        columns={disks}
        rows={props.disks}
        keyOf={(row) => row.name}
        empty={<Empty title="No disk is known here.">Disks across a network and in memory are left out.</Empty>}
      />
      <h3>Traffic</h3>
      {props.io === null ? (
        <Facts>
          <Fact label="Disk traffic" value={null} why="only Linux tells it (/proc/diskstats)" />
        </Facts>
      ) : (
        <>
          <Facts>
            <Fact label="Read" value={perSecond(props.io.readBytesPerSecond)} />
            <Fact label="Written" value={perSecond(props.io.writtenBytesPerSecond)} />
          </Facts>
          <Table
            caption="Traffic of disks"
            columns={devices}
            rows={props.io.devices}
            keyOf={(row) => row.name}
            empty={<Empty title="No device of a disk is known here." />}
          />
        </>
      )}
      {props.leftOut > 0 && (
        <p class="hint">
          {count(props.leftOut)} disks, devices or interfaces are not listed: raise Monitoring:System:DiskCapacity or
          NetworkInterfaceCapacity.
        </p>
      )}
    </Panel>
  );
}
