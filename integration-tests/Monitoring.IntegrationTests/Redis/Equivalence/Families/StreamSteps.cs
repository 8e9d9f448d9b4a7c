using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis.Equivalence;

internal static class StreamSteps
{
    public static Family All { get; } = new("streams")
    {
        db => db.StreamAddAsync("stream", "field", "one", "1-1"),
        db => db.StreamAddAsync("stream", [new("a", 1), new("b", 2)], "2-1"),
        db => db.StreamAddAsync("stream", "field", "late", "1-1"),
        db => db.StreamAddAsync("stream", "field", "three", "3-1", 100, true),
        db => db.StreamAddAsync("timed", "field", "the server's own id"),
        db => db.KeyDeleteAsync("timed"),
        db => db.StreamLengthAsync("stream"),
        db => db.StreamRangeAsync("stream"),
        db => db.StreamRangeAsync("stream", "2-0", "+", 1, Order.Descending),
        db => db.StreamReadAsync("stream", "1-1"),
        db => db.StreamReadAsync("nowhere", "0-0"),
        db => db.StreamReadAsync([new StreamPosition("stream", "2-1"), new StreamPosition("nowhere", "0-0")], 5),
        db => db.StreamInfoAsync("stream"),
        db => db.StreamDeleteAsync("stream", ["2-1", "9-9"]),
        db => db.StreamTrimAsync("stream", 1, false),
        db => db.StreamTrimByMinIdAsync("stream", "3-0"),
        db => db.StreamRangeAsync("stream"),
    };

    public static Family Groups { get; } = new("stream groups")
    {
        db => db.StreamCreateConsumerGroupAsync("jobs", "workers", "0-0", true),
        db => db.StreamCreateConsumerGroupAsync("jobs", "workers", "0-0", true),
        db => db.StreamAddAsync("jobs", "job", "one", "1-1"),
        db => db.StreamAddAsync("jobs", "job", "two", "2-1"),
        db => db.StreamAddAsync("jobs", "job", "three", "3-1"),
        db => db.StreamReadGroupAsync("jobs", "workers", "ann", ">", 2),
        db => db.StreamReadGroupAsync("jobs", "workers", "bob", StreamPosition.NewMessages),
        db => db.StreamReadGroupAsync("jobs", "workers", "bob", StreamPosition.NewMessages),
        db => db.StreamReadGroupAsync([new StreamPosition("jobs", "0-0")], "workers", "ann"),
        db => db.StreamReadGroupAsync("jobs", "strangers", "ann", ">"),
        db => db.StreamPendingAsync("jobs", "workers"),
        db => db.StreamPendingMessagesAsync("jobs", "workers", 10, RedisValue.Null),
        db => db.StreamPendingMessagesAsync("jobs", "workers", 10, "ann", "1-1", "1-1"),
        db => db.StreamAcknowledgeAsync("jobs", "workers", "1-1"),
        db => db.StreamAcknowledgeAsync("jobs", "workers", new RedisValue[] { "1-1", "9-9" }),
        db => db.StreamClaimAsync("jobs", "workers", "bob", 0, ["2-1"]),
        db => db.StreamClaimIdsOnlyAsync("jobs", "workers", "bob", 0, ["2-1", "9-9"]),
        db => db.StreamAutoClaimAsync("jobs", "workers", "cid", 0, "0-0"),
        db => db.StreamAutoClaimIdsOnlyAsync("jobs", "workers", "cid", 0, "0-0", 1),
        db => db.StreamGroupInfoAsync("jobs"),
        db => db.StreamConsumerInfoAsync("jobs", "workers"),
        db => db.StreamConsumerGroupSetPositionAsync("jobs", "workers", "0-0"),
        db => db.StreamDeleteConsumerAsync("jobs", "workers", "bob"),
        db => db.StreamDeleteConsumerGroupAsync("jobs", "workers"),
        db => db.StreamGroupInfoAsync("jobs"),
        db => db.StreamGroupInfoAsync("nowhere"),
    };
}
