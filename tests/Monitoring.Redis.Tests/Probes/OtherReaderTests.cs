using System.Text;
using Monitoring.Redis.Probes;
using Monitoring.Redis.Probes.Systems;

namespace Monitoring.Redis.Tests.Probes;

/// <summary>
/// Asynq as internal/rdb/rdb.go and internal/base/base.go store it, Hangfire as RedisConnection.cs and RedisMonitoringApi.cs
/// of Hangfire.Redis.StackExchange do, Streams as XINFO tells them.
/// </summary>
public sealed class OtherReaderTests
{
    [Fact]
    public async Task Asynq_keeps_everything_of_a_queue_under_its_name_in_braces()
    {
        var redis = new CannedRedis()
            .With("LLEN asynq:{mail}:pending", 4)
            .With("LINDEX asynq:{mail}:pending -1", "t1")
            .With("HGET asynq:{mail}:t:t1 pending_since", "1773489570000000000")
            .With("LLEN asynq:{mail}:active", 2)
            .With("ZCARD asynq:{mail}:scheduled", 3)
            .With("ZCARD asynq:{mail}:retry", 1)
            .With("ZCARD asynq:{mail}:archived", 5)
            .With("EXISTS asynq:{mail}:paused", 1)
            .With("GET asynq:{mail}:processed", "100")
            .With("GET asynq:{mail}:failed", "7")
            .With("ZRANGEBYSCORE asynq:servers 1773489600 +inf LIMIT 0 500", new object[] { "asynq:servers:{host:1:s1}" })
            .With("GET asynq:servers:{host:1:s1}", ServerInfo("host", 10, "mail", 2));

        var figures = await redis.ReadAsync(new AsynqReader(), "mail", "low");

        figures.Should().Equal(
            new QueueFigures("mail")
            {
                Waiting = 4,
                OldestSince = CannedRedis.Now.AddSeconds(-30),
                Running = 2,
                Delayed = 4,
                DeadLetters = 5,
                IsPaused = true,
                CompletedTotal = 93,
                FailedTotal = 7,
            },
            new QueueFigures("low") { Waiting = 0, Running = 0, CompletedTotal = 0, FailedTotal = 0, Workers = 0 },
            new QueueFigures(null) { Running = 0, Workers = 10, ActiveWorkers = 2 });
        redis.Sent.Should().HaveCount(10 + 9 + 1 + 1, "docs/queue-probes.md says 10 a queue, 9 for an empty one, 1 and one for each server");
    }

    [Theory]
    [InlineData(new byte[] { 0x20 })] // a number that does not end
    [InlineData(new byte[] { 0x2A, 0x7F, 0x00 })] // a text longer than the message
    [InlineData(new byte[] { 0x23 })] // a type that protocol buffers do not have any more
    public void What_is_no_protocol_buffer_is_told_apart(byte[] message)
    {
        var read = () => AsynqServerInfo.Read(message);
        read.Should().Throw<FormatException>();
    }

    [Theory]
    [InlineData("1773489570000")] // JobHelper.SerializeDateTime since compatibility level 170: milliseconds
    [InlineData("2026-03-14T11:59:30.0000000Z")] // before
    public async Task Hangfire_keeps_two_lists_for_each_queue(string enqueuedAt)
    {
        var redis = new CannedRedis()
            .With("LLEN {hangfire}:queue:mail", 4)
            .With("LINDEX {hangfire}:queue:mail -1", "j1")
            .With("HGET {hangfire}:job:j1:state EnqueuedAt", enqueuedAt)
            .With("LLEN {hangfire}:queue:mail:dequeued", 2)
            .With("ZCARD {hangfire}:schedule", 3)
            .With("ZCARD {hangfire}:failed", 1)
            .With("ZCARD {hangfire}:processing", 2)
            .With("GET {hangfire}:stats:succeeded", "40")
            .With("GET {hangfire}:stats:failed:2026-03-14", "6")
            .With("SRANDMEMBER {hangfire}:servers 501", new object[] { "web:1:a", "web:2:gone" })
            .With("HGET {hangfire}:server:web:1:a WorkerCount", "20")
            .With("LRANGE {hangfire}:server:web:1:a:queues 0 -1", new object[] { "default", "mail" });

        var figures = await redis.ReadAsync(new HangfireReader("{hangfire}:"), "mail", "low");

        figures.Should().Equal(
            new QueueFigures("mail") { Waiting = 4, OldestSince = CannedRedis.Now.AddSeconds(-30), Running = 2 },
            new QueueFigures("low") { Waiting = 0, Running = 0, Workers = 0 },
            new QueueFigures(null) { Running = 0, Workers = 20, ActiveWorkers = 2, Delayed = 3, DeadLetters = 1, CompletedTotal = 40, FailedTotal = 6 });
        redis.Sent.Should().HaveCount(4 + 3 + 6 + 4, "docs/queue-probes.md says 4 a queue, 3 for an empty one, 6 and two for each server");
    }

    [Fact]
    public async Task A_group_of_a_stream_is_a_queue()
    {
        var redis = new CannedRedis()
            .With("XINFO GROUPS orders", new object[] { Group("billing", 2, 3, "1773489540000-5", 100, 7), Group("idle", 0, 0, "1773489590000-0", 107, 0) })
            .With("XRANGE orders 1773489540000-6 + COUNT 1", new object[] { new object[] { "1773489570000-0", new object[] { "a", "1" } } })
            .With("XINFO CONSUMERS orders billing", new object[] { new object[] { "name", "one", "pending", 3, "idle", 1 }, new object[] { "name", "two", "pending", 0, "idle", 1 } });

        var figures = await redis.ReadAsync(new StreamsReader(""), "orders", "absent");

        figures.Should().Equal(
            new QueueFigures("orders/billing")
            {
                Waiting = 7,
                OldestSince = CannedRedis.Now.AddSeconds(-30),
                Running = 3,
                Workers = 2,
                ActiveWorkers = 1,
                EnqueuedTotal = 107,
                CompletedTotal = 97,
            },
            new QueueFigures("orders/idle") { Waiting = 0, Running = 0, Workers = 0, ActiveWorkers = 0, EnqueuedTotal = 107, CompletedTotal = 107 });
        redis.Sent.Should().HaveCount(4, "docs/queue-probes.md says 1 a stream and up to 2 a group");
    }

    [Fact]
    public async Task Where_Redis_does_not_know_the_lag_the_entries_are_counted()
    {
        var redis = new CannedRedis()
            .With("XINFO GROUPS orders", new object[] { Group("billing", 0, 0, "0-0", null, null) })
            .With("XRANGE orders 0-1 + COUNT 100", new object[] { Entry("1773489570000-0"), Entry("1773489580000-0") });

        (await redis.ReadAsync(new StreamsReader(""), "orders")).Should().Equal(
            new QueueFigures("orders/billing") { Waiting = 2, OldestSince = CannedRedis.Now.AddSeconds(-30), Running = 0, Workers = 0, ActiveWorkers = 0 });
    }

    private static object[] Entry(string id) => [id, new object[] { "a", "1" }];

    private static object[] Group(string name, int consumers, int pending, string delivered, int? read, int? lag) =>
        ["name", name, "consumers", consumers, "pending", pending, "last-delivered-id", delivered, "entries-read", read!, "lag", lag!];

    // Message ServerInfo of internal/proto/asynq.proto, as proto.Marshal writes it: 1 host, 2 pid, 4 concurrency, 5 queues, 7 status, 8 start_time, 9 active_worker_count.
    private static byte[] ServerInfo(string host, byte concurrency, string queue, byte active)
    {
        byte[] entry = [0x0A, (byte)queue.Length, .. Encoding.UTF8.GetBytes(queue), 0x10, 0x01];
        return
        [
            0x0A, (byte)host.Length, .. Encoding.UTF8.GetBytes(host), 0x10, 0xD2, 0x09, 0x20, concurrency, 0x2A, (byte)entry.Length, .. entry,
            0x3A, 0x06, .. "active"u8, 0x42, 0x06, 0x08, 0xA0, 0xAD, 0xD5, 0xCD, 0x06, 0x48, active,
        ];
    }
}
