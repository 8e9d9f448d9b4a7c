import { count, duration } from "../../components/format";
import { Empty, Panel } from "../../components/Panel";
import { Table, type Column } from "../../components/Table";
import { Text } from "../../components/Text";
import type { Schemas } from "../../data/types";

type Channel = Schemas["RedisChannelStatistics"];

/** Pub/sub by pattern of the channel. */
export function Channels(props: { operations: Schemas["RedisOperationSummary"] }) {
  const { channels, overflowedChannels } = props.operations;
  return (
    <Panel title="Pub/sub" tall note="By pattern of the channel; handlers are those of this process.">
      <Table
        caption="Channels"
        columns={columns}
        rows={channels}
        keyOf={(channel) => channel.channel}
        filter={(channel) => channel.channel}
        empty={<Empty title="No message was published or received within the window." />}
      />
      {overflowedChannels > 0 && (
        <p class="note">
          {count(overflowedChannels)} times a channel was counted as OTHER: raise{" "}
          <code>Monitoring:Redis:ChannelCapacity</code>.
        </p>
      )}
    </Panel>
  );
}

const columns: readonly Column<Channel>[] = [
  { title: "Channel", cell: (channel) => <Text value={channel.channel} />, sort: (channel) => channel.channel },
  {
    title: "Published",
    numeric: true,
    cell: (channel) => count(channel.published),
    sort: (channel) => channel.published,
  },
  { title: "Received", numeric: true, cell: (channel) => count(channel.received), sort: (channel) => channel.received },
  {
    title: "Handler threw",
    numeric: true,
    cell: (channel) => (
      <span class={channel.handlerExceptions > 0 ? "bad" : ""}>{count(channel.handlerExceptions)}</span>
    ),
    sort: (channel) => channel.handlerExceptions,
  },
  {
    title: "Handler average",
    numeric: true,
    cell: (channel) => duration(channel.handlerAverageMs),
    sort: (channel) => channel.handlerAverageMs,
  },
  {
    title: "p95",
    numeric: true,
    cell: (channel) => duration(channel.handlerP95Ms),
    sort: (channel) => channel.handlerP95Ms,
  },
  {
    title: "Max",
    numeric: true,
    cell: (channel) => duration(channel.handlerMaximumMs),
    sort: (channel) => channel.handlerMaximumMs,
  },
];
