using Monitoring.Redis.Probes;
using Monitoring.Redis.Probes.Systems;

namespace Monitoring.Redis.Tests.Probes;

/// <summary>Sidekiq as sidekiq/client.rb and sidekiq/launcher.rb store it, Resque as resque/data_store.rb and resque-scheduler do.</summary>
public sealed class RubyReaderTests
{
    [Theory]
    [InlineData("1773489569.25", -30.75)] // Sidekiq 6 and 7: seconds
    [InlineData("1773489569250", -30.75)] // Sidekiq 8: milliseconds
    public async Task Sidekiq_jobs_say_since_when_they_wait(string enqueuedAt, double seconds)
    {
        var redis = new CannedRedis()
            .With("LLEN queue:mail", 4)
            .With("LINDEX queue:mail -1", $$"""{"retry":true,"queue":"mail","class":"Work","args":[],"jid":"d1","created_at":1,"enqueued_at":{{enqueuedAt}}}""");

        var mail = (await redis.ReadAsync(new SidekiqReader(""), "mail"))[0];

        mail.Should().Be(new QueueFigures("mail") { Waiting = 4, OldestSince = CannedRedis.Now.AddSeconds(seconds), Workers = 0 });
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("[1]")]
    [InlineData("""{"class":"Work"}""")]
    [InlineData("""{"enqueued_at":"soon"}""")]
    public async Task A_job_that_does_not_say_it_is_of_unknown_age(string job)
    {
        var redis = new CannedRedis().With("LLEN queue:mail", 4).With("LINDEX queue:mail -1", job);

        (await redis.ReadAsync(new SidekiqReader(""), "mail"))[0].Should().Be(new QueueFigures("mail") { Waiting = 4, Workers = 0 });
    }

    [Fact]
    public async Task Sidekiq_keeps_the_rest_for_all_queues_together()
    {
        var redis = new CannedRedis()
            .With("ZCARD app:schedule", 3)
            .With("ZCARD app:retry", 2)
            .With("ZCARD app:dead", 1)
            .With("GET app:stat:processed", "106")
            .With("GET app:stat:failed", "6")
            .With("SRANDMEMBER app:processes 501", new object[] { "host:1:aa", "host:2:bb", "host:3:gone" })
            .With("HMGET app:host:1:aa info busy", new object[] { """{"hostname":"host","concurrency":10,"queues":["mail","low"]}""", "7" })
            .With("HMGET app:host:2:bb info busy", new object[] { """{"concurrency":5,"queues":["low"]}""", "0" });

        var figures = await redis.ReadAsync(new SidekiqReader("app:"), "mail", "reports");

        figures.Should().Equal(
            new QueueFigures("mail") { Waiting = 0 },
            new QueueFigures("reports") { Waiting = 0, Workers = 0 },
            new QueueFigures(null) { Delayed = 5, DeadLetters = 1, CompletedTotal = 100, FailedTotal = 6, Running = 7, ActiveWorkers = 7, Workers = 15 });
        redis.Sent.Should().HaveCount((2 * 2) + 6 + 3, "docs/queue-probes.md says 2 a queue, 6 and one for each process");
    }

    [Fact]
    public async Task Resque_keeps_all_but_the_depth_for_all_queues_together()
    {
        var redis = new CannedRedis()
            .With("LLEN resque:queue:mail", 4)
            .With("LLEN resque:failed", 2)
            .With("GET resque:stat:processed", "50")
            .With("GET resque:stat:failed", "8")
            .With("ZRANGE resque:delayed_queue_schedule 0 199", new object[] { "1773500000", "1773500060" })
            .With("LLEN resque:delayed:1773500000", 3)
            .With("LLEN resque:delayed:1773500060", 1)
            .With("SRANDMEMBER resque:workers 501", new object[] { "host:11:mail,low", "host:12:re*" })
            .With("EXISTS resque:worker:host:11:mail,low", 1);

        var figures = await redis.ReadAsync(new ResqueReader("resque:"), "mail", "reports", "other");

        figures.Should().Equal(
            new QueueFigures("mail") { Waiting = 4 },
            new QueueFigures("reports") { Waiting = 0 },
            new QueueFigures("other") { Waiting = 0, Workers = 0 },
            new QueueFigures(null) { Running = 1, ActiveWorkers = 1, Workers = 2, Delayed = 4, DeadLetters = 2, CompletedTotal = 42, FailedTotal = 8 });
        redis.Sent.Should().HaveCount(3 + 5 + 2 + 2, "docs/queue-probes.md says 1 a queue, 5, one for each worker and one for each second with delayed jobs");
    }
}
