using Monitoring.Redis.Probes;
using Monitoring.Redis.Probes.Systems;

namespace Monitoring.Redis.Tests.Probes;

/// <summary>BullMQ as its Lua commands store it.</summary>
public sealed class BullMqReaderTests
{
    [Fact]
    public async Task Every_state_has_a_key_of_its_own()
    {
        var redis = new CannedRedis()
            .With("LLEN bull:mail:wait", 4)
            .With("LRANGE bull:mail:wait -2 -1", new object[] { "13", "12" })
            .With("HMGET bull:mail:12 timestamp delay", new object[] { "1773489570000", "5000" })
            .With("ZCARD bull:mail:prioritized", 2)
            .With("ZRANGE bull:mail:prioritized 0 0", new object[] { "20" })
            .With("HMGET bull:mail:20 timestamp delay", new object[] { "1773489560000", "0" })
            .With("LLEN bull:mail:active", 3)
            .With("ZCARD bull:mail:delayed", 5)
            .With("ZCARD bull:mail:failed", 1)
            .With("HEXISTS bull:mail:meta paused", 1)
            .With("GET bull:mail:id", "77")
            .With("HGET bull:mail:metrics:completed count", "60")
            .With("HGET bull:mail:metrics:failed count", "2")
            .With("CLIENT LIST", "id=1 addr=127.0.0.1:1 name=bull:bWFpbA== age=1\nid=2 name=bull:bWFpbA==:w:first age=1\nid=3 name=bull:bWFpbA==:qe age=1\nid=4 name= age=1\n");

        var figures = await redis.ReadAsync(new BullMqReader("bull"), "mail");

        figures.Should().Equal(new QueueFigures("mail")
        {
            Waiting = 6,
            LowPriority = 2,
            OldestSince = CannedRedis.Now.AddSeconds(-40),
            Running = 3,
            Delayed = 5,
            DeadLetters = 1,
            Workers = 2,
            IsPaused = true,
            EnqueuedTotal = 77,
            CompletedTotal = 60,
            FailedTotal = 2,
        });
        redis.Sent.Should().HaveCount(13 + 2 + 2, "docs/queue-probes.md says 13 a queue, up to 3 for the oldest jobs, and 2 a server");
    }

    [Theory]
    [InlineData(5, new[] { "12", "0:1773489999000" }, 4)]
    [InlineData(1, new[] { "0:0" }, 0)]
    public async Task A_marker_of_version_4_is_no_job(int length, string[] last, int waiting)
    {
        var redis = new CannedRedis()
            .With("LLEN bull:mail:wait", length)
            .With("LRANGE bull:mail:wait -2 -1", last.ToArray<object>())
            .With("HMGET bull:mail:12 timestamp delay", new object?[] { "1773489570000", null });

        var mail = (await redis.ReadAsync(new BullMqReader("bull"), "mail"))[0];

        mail.Waiting.Should().Be(waiting);
        mail.OldestSince.Should().Be(waiting == 0 ? null : CannedRedis.Now.AddSeconds(-30));
    }

    [Fact]
    public async Task Jobs_of_a_paused_queue_wait_elsewhere_in_version_4()
    {
        var redis = new CannedRedis().With("LLEN shop:mail:paused", 3).With("LRANGE shop:mail:paused -2 -1", new object[] { "2", "1" })
            .With("HMGET shop:mail:1 timestamp delay", new object?[] { "1773489570000", null });

        (await redis.ReadAsync(new BullMqReader("shop"), "mail"))[0].Should().Be(
            new QueueFigures("mail") { Waiting = 3, OldestSince = CannedRedis.Now.AddSeconds(-30), Running = 0, Workers = 0, EnqueuedTotal = 0 });
    }

    [Fact]
    public async Task Workers_are_unknown_where_there_are_too_many_clients_to_list()
    {
        var redis = new CannedRedis().With("INFO clients", "# Clients\r\nconnected_clients:1001\r\n");

        (await redis.ReadAsync(new BullMqReader("bull"), "mail"))[0].Workers.Should().BeNull();
        redis.Sent.Should().NotContain("CLIENT LIST");
    }

    [Fact]
    public async Task A_refused_depth_is_not_a_depth_of_none()
    {
        var redis = new CannedRedis().With("LLEN bull:mail:wait", new StackExchange.Redis.RedisServerException("NOPERM no permissions")).With("ZCARD bull:mail:prioritized", 2);

        (await redis.ReadAsync(new BullMqReader("bull"), "mail"))[0].Waiting.Should().BeNull();
        redis.Refusals.TakeUnreported().Should().Be("depth of mail (NOPERM)");
    }

    [Fact]
    public async Task Queues_are_found_by_their_meta_keys()
    {
        var redis = new CannedRedis().With(@"SCAN 0 MATCH {a\*b}:*:meta COUNT 1000 TYPE hash", new object[] { "0", new object[] { "{a*b}:mail:meta", "{a*b}:x:y:meta", "{a*b}::meta" } });

        (await new BullMqReader("{a*b}").DiscoverAsync(redis.Ask())).Should().Equal("mail");
    }
}
