using Monitoring.Redis.Probes;
using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Probes;

/// <summary>Consumer groups of a real server's streams.</summary>
public sealed class StreamProbeTests
{
    [Fact]
    public async Task A_group_has_what_XINFO_says_of_it()
    {
        await using var stage = await ProbeStage.StartAsync();
        var redis = stage.Database;
        await redis.StreamCreateConsumerGroupAsync("orders", "billing", "0-0");
        await redis.StreamCreateConsumerGroupAsync("orders", "mailing", "0-0");
        var ids = await AddAsync(redis, 10);
        var read = await redis.StreamReadGroupAsync("orders", "billing", "one", ">", 4);
        await redis.StreamAcknowledgeAsync("orders", "billing", read[0].Id);
        await redis.StreamReadGroupAsync("orders", "billing", "two", "0", 1);
        stage.Watch(QueueSystem.Streams, static options => options.Queues.Add("orders"));

        var group = (await redis.StreamGroupInfoAsync("orders")).Single(static group => group.Name == "billing");
        await stage.ExpectAsync("streams:orders/billing", new
        {
            System = "streams",
            CurrentDepth = (int)group.Lag!.Value,
            Running = group.PendingMessageCount,
            Workers = group.ConsumerCount,
            BusyWorkers = 1,
        });
        stage.ExpectOldest("streams:orders/billing", Time(ids[4]));
        await stage.ExpectAsync("streams:orders/mailing", new { CurrentDepth = 10, Running = 0, Workers = 0 });
        stage.ExpectOldest("streams:orders/mailing", Time(ids[0]));

        await AddAsync(redis, 5);
        foreach (var entry in await redis.StreamReadGroupAsync("orders", "billing", "one", ">", 7))
        {
            await redis.StreamAcknowledgeAsync("orders", "billing", entry.Id);
        }

        await stage.ExpectAsync("streams:orders/billing", new { CurrentDepth = 4, Enqueued = 5L, Completed = 7L });
    }

    [Fact]
    public async Task A_group_whose_lag_Redis_does_not_know_is_counted()
    {
        await using var stage = await ProbeStage.StartAsync();
        var redis = stage.Database;
        var ids = await AddAsync(redis, 6);
        await redis.StreamDeleteAsync("orders", [ids[4]]);
        await redis.StreamCreateConsumerGroupAsync("orders", "billing", ids[1]);
        (await redis.StreamGroupInfoAsync("orders"))[0].Lag.Should().BeNull();
        stage.Watch(QueueSystem.Streams);

        await stage.ExpectAsync("streams:orders/billing", new { CurrentDepth = 3 });
        stage.ExpectOldest("streams:orders/billing", Time(ids[2]));
    }

    private static async Task<RedisValue[]> AddAsync(IDatabase redis, int count)
    {
        var ids = new RedisValue[count];
        for (var i = 0; i < count; i++)
        {
            ids[i] = await redis.StreamAddAsync("orders", "number", i);
        }

        return ids;
    }

    private static DateTimeOffset Time(RedisValue id) => DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(id.ToString().Split('-')[0], System.Globalization.CultureInfo.InvariantCulture));
}
