using Monitoring.Redis.Probes;
using Monitoring.Redis.Probes.Systems;

namespace Monitoring.Redis.Tests.Probes;

/// <summary>Celery as kombu/transport/redis.py stores it, RQ as rq/queue.py, rq/registry.py and rq/worker.py do.</summary>
public sealed class PythonReaderTests
{
    private const string Separator = "\x06\x16";

    [Fact]
    public async Task Celery_waits_in_a_list_for_each_priority_step()
    {
        var redis = new CannedRedis()
            .With("LLEN mail", 4)
            .With($"LLEN mail{Separator}3", 3)
            .With($"LLEN mail{Separator}6", 2)
            .With($"LLEN mail{Separator}9", 1)
            .With("HLEN unacked", 5);

        var figures = await redis.ReadAsync(new CeleryReader(""), "mail");

        figures.Should().Equal(
            new QueueFigures("mail") { Waiting = 10, LowPriority = 6 },
            new QueueFigures(null) { Running = 5 });
        redis.Sent.Should().HaveCount(5, "docs/queue-probes.md says 4 a queue and 1");
    }

    [Fact]
    public async Task Celery_puts_its_prefix_before_every_key()
    {
        var redis = new CannedRedis().With("LLEN shop-mail", 4).With($"LLEN shop-mail{Separator}9", 1).With("HLEN shop-unacked", 2);

        var figures = await redis.ReadAsync(new CeleryReader("shop-"), "mail");

        figures.Select(static figure => (figure.Queue, figure.Waiting, figure.Running)).Should().Equal(("mail", 5, null), (null, null, 2));
    }

    [Fact]
    public async Task Celery_queues_are_found_by_their_bindings()
    {
        var redis = new CannedRedis()
            .With("SCAN 0 MATCH _kombu.binding.* COUNT 1000 TYPE set", new object[] { "17", new object[] { "_kombu.binding.celery", "_kombu.binding.celery.pidbox" } })
            .With("SCAN 17 MATCH _kombu.binding.* COUNT 1000 TYPE set", new object[] { "0", new object[] { "_kombu.binding.celeryev", "_kombu.binding.topics" } })
            .With("SRANDMEMBER _kombu.binding.celery 501", new object[] { $"celery{Separator}{Separator}celery", $"mail{Separator}{Separator}mail" })
            .With("SRANDMEMBER _kombu.binding.topics 501", new object[] { $"a.*{Separator}^a{Separator}mail", $"b{Separator}{Separator}reports" });

        (await new CeleryReader("").DiscoverAsync(redis.Ask())).Should().BeEquivalentTo("celery", "mail", "reports");
    }

    [Fact]
    public async Task RQ_keeps_ids_in_lists_and_registries_in_sorted_sets()
    {
        var redis = new CannedRedis()
            .With("LLEN rq:queue:mail", 4)
            .With("LINDEX rq:queue:mail 0", "a1")
            .With("HGET rq:job:a1 enqueued_at", "2026-03-14T11:59:30.500000Z")
            .With("ZCARD rq:wip:mail", 2)
            .With("ZCARD rq:scheduled:mail", 3)
            .With("ZCARD rq:failed:mail", 1)
            .With("SRANDMEMBER rq:workers 501", new object[] { "rq:worker:one", "rq:worker:two", "rq:worker:dead", "rq:worker:gone" })
            .With("HMGET rq:worker:one queues state death", new object?[] { "mail,low", "busy", null })
            .With("HMGET rq:worker:two queues state death", new object?[] { "low", "idle", null })
            .With("HMGET rq:worker:dead queues state death", new object?[] { "reports", "idle", "2026-03-14T11:00:00.000000Z" });

        var figures = await redis.ReadAsync(new RqReader(), "mail", "reports");

        figures.Should().Equal(
            new QueueFigures("mail")
            {
                Waiting = 4,
                OldestSince = CannedRedis.Now.AddSeconds(-29.5),
                Running = 2,
                Delayed = 3,
                DeadLetters = 1,
            },
            new QueueFigures("reports") { Waiting = 0, Running = 0, Workers = 0 },
            new QueueFigures(null) { Running = 0, Workers = 2, ActiveWorkers = 1 });
        redis.Sent.Should().HaveCount(2 + (2 * 5) + 1 + 4, "docs/queue-probes.md says 6 a queue, 5 for an empty one, 2 and one for each worker");
    }

    [Fact]
    public async Task RQ_pauses_all_its_queues_at_once()
    {
        var redis = new CannedRedis().With("EXISTS rq:suspended", 1).With("SRANDMEMBER rq:queues 501", new object[] { "rq:queue:mail", "rq:queue:low:urgent", "other" });

        (await redis.ReadAsync(new RqReader(), "mail")).Should().OnlyContain(static figure => figure.IsPaused);
        (await new RqReader().DiscoverAsync(redis.Ask())).Should().BeEquivalentTo("mail", "low:urgent");
    }

    [Fact]
    public async Task Of_more_workers_than_are_looked_at_nothing_is_known()
    {
        var redis = new CannedRedis().With("SRANDMEMBER rq:workers 501", Enumerable.Range(0, 501).Select(static number => (object)$"rq:worker:{number}").ToArray());

        var figures = await redis.ReadAsync(new RqReader(), "mail");

        figures.Should().OnlyContain(static figure => figure.Workers == null && figure.ActiveWorkers == null);
        redis.Sent.Should().NotContain(static command => command.StartsWith("HMGET", StringComparison.Ordinal));
    }
}
