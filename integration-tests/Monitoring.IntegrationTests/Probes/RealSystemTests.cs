using System.Text.Json;
using Monitoring.Redis.Probes;

namespace Monitoring.IntegrationTests.Probes;

/// <summary>The figures of the probes are those that the real systems report of themselves.</summary>
public sealed class RealSystemTests
{
    [Theory]
    [InlineData("bullmq")]
    [InlineData("bullmq5")]
    [InlineData("bullmq4")]
    public async Task Of_BullMQ(string package)
    {
        await using var stage = await ProbeStage.StartAsync();
        await using var driver = QueueDriver.Start("node", "bullmq", "node/bullmq.js", package, stage.Server.Port);
        await driver.AskAsync("prepare");
        var report = await driver.AskAsync("report");
        stage.Watch(QueueSystem.BullMq);

        foreach (var name in new[] { "mail", "reports" })
        {
            var queue = report.GetProperty(name);
            await stage.ExpectAsync($"bullmq:{name}", new
            {
                System = "bullmq",
                IsPaused = queue.GetProperty("paused").GetBoolean(),
                CurrentDepth = Int(queue, "waiting") + Int(queue, "prioritized"),
                DepthByPriority = new { High = 0, Normal = Int(queue, "waiting"), Low = Int(queue, "prioritized") },
                Running = Int(queue, "running"),
                Delayed = Int(queue, "delayed"),
                DeadLetters = Int(queue, "failed"),
                Workers = Int(queue, "workers"),
            });
            stage.ExpectOldest($"bullmq:{name}", DateTimeOffset.FromUnixTimeMilliseconds(queue.GetProperty("oldest").GetInt64()));
        }

        var before = Int(report.GetProperty("mail"), "completedTotal");
        await driver.AskAsync("release");
        var after = (await driver.AskAsync("report")).GetProperty("mail");
        await stage.ExpectAsync("bullmq:mail", new { CurrentDepth = 0, Running = 0, Completed = (long)(Int(after, "completedTotal") - before), Failed = 0L, OldestTaskAge = TimeSpan.Zero });
        (Int(after, "completedTotal") - before).Should().Be(8);
    }

    [Fact]
    public async Task Of_RQ()
    {
        await using var stage = await ProbeStage.StartAsync();
        await using var driver = QueueDriver.Start("/usr/bin/python3", "rq", "python/rq_driver.py", stage.Server.Port);
        await driver.AskAsync("prepare");
        var report = await driver.AskAsync("report");
        stage.Watch(QueueSystem.Rq);

        foreach (var queue in report.GetProperty("queues").EnumerateObject())
        {
            await stage.ExpectAsync($"rq:{queue.Name}", new
            {
                System = "rq",
                IsPaused = false,
                CurrentDepth = Int(queue.Value, "waiting"),
                Running = Int(queue.Value, "running"),
                Delayed = Int(queue.Value, "delayed"),
                DeadLetters = Int(queue.Value, "failed"),
            });
            stage.ExpectOldest($"rq:{queue.Name}", DateTimeOffset.UnixEpoch.AddMilliseconds(queue.Value.GetProperty("oldest").GetDouble()));
        }

        await stage.ExpectAsync("rq", new { CurrentDepth = 0, Workers = Int(report, "workers"), BusyWorkers = Int(report, "busy") });
        Int(report, "busy").Should().Be(1);

        await driver.AskAsync("pause");
        (await driver.AskAsync("report")).GetProperty("suspended").GetBoolean().Should().BeTrue();
        await stage.ExpectAsync("rq:mail", new { IsPaused = true, CurrentDepth = 4 });
    }

    [Fact]
    public async Task Of_Celery()
    {
        await using var stage = await ProbeStage.StartAsync();
        await using var driver = QueueDriver.Start("/usr/bin/python3", "celery", "python/celery_driver.py", stage.Server.Port);
        await driver.AskAsync("prepare");
        var report = await driver.AskAsync("report");
        stage.Watch(QueueSystem.Celery);

        await stage.ExpectAsync("celery:mail", new { System = "celery", CurrentDepth = Int(report, "mail"), DepthByPriority = new { High = 0, Normal = 4, Low = 3 }, Workers = 0 });
        await stage.ExpectAsync("celery:reports", new { CurrentDepth = Int(report, "reports") });
        await stage.ExpectAsync("celery", new { CurrentDepth = 0, Running = Int(report, "unacked") });
        stage.Monitor.TaskQueue.GetSummary().Queues.Select(static queue => queue.Name).Should().Equal("celery", "celery:mail", "celery:reports");
    }

    [Fact]
    public async Task Of_Sidekiq()
    {
        await using var stage = await ProbeStage.StartAsync();
        await using var driver = QueueDriver.Start("/usr/bin/ruby", "sidekiq", "ruby/sidekiq_driver.rb", stage.Server.Port);
        await driver.AskAsync("prepare");
        var report = await driver.AskAsync("report");
        stage.Watch(QueueSystem.Sidekiq);

        foreach (var queue in report.GetProperty("queues").EnumerateObject())
        {
            await stage.ExpectAsync($"sidekiq:{queue.Name}", new { System = "sidekiq", CurrentDepth = queue.Value.GetInt32() });
            stage.ExpectOldest($"sidekiq:{queue.Name}", DateTimeOffset.UnixEpoch.AddSeconds(
                report.GetProperty("now").GetDouble() - report.GetProperty("latency").GetProperty(queue.Name).GetDouble()));
        }

        await stage.ExpectAsync("sidekiq", new
        {
            CurrentDepth = 0,
            Running = Int(report, "running"),
            BusyWorkers = Int(report, "running"),
            Workers = Int(report, "workers"),
            Delayed = Int(report, "delayed"),
            DeadLetters = Int(report, "dead"),
        });

        await driver.AskAsync("release");
        var after = await driver.AskAsync("report");
        var failed = (long)(Int(after, "failed") - Int(report, "failed"));
        await stage.ExpectAsync("sidekiq", new { Running = 0, Completed = Int(after, "processed") - Int(report, "processed") - failed, Failed = failed });
        await stage.ExpectAsync("sidekiq:mail", new { CurrentDepth = 0 });
    }

    [Fact]
    public async Task Of_Resque_as_node_resque_stores_it()
    {
        await using var stage = await ProbeStage.StartAsync();
        await using var driver = QueueDriver.Start("node", "bullmq", "node/resque.js", stage.Server.Port);
        await driver.AskAsync("prepare");
        var report = await driver.AskAsync("report");
        stage.Watch(QueueSystem.Resque);

        await stage.ExpectAsync("resque:mail", new { System = "resque", CurrentDepth = Int(report, "mail") });
        await stage.ExpectAsync("resque:reports", new { CurrentDepth = Int(report, "reports") });
        await stage.ExpectAsync("resque", new
        {
            Running = Int(report, "running"),
            BusyWorkers = Int(report, "running"),
            Workers = Int(report, "workers"),
            Delayed = Int(report, "delayed"),
            DeadLetters = Int(report, "failed"),
        });

        await driver.AskAsync("release");
        var after = await driver.AskAsync("report");
        await stage.ExpectAsync("resque", new { Running = 0, Completed = (long)(Int(after, "processedTotal") - Int(report, "processedTotal")), Failed = 0L });
        Int(after, "processedTotal").Should().BeGreaterThan(Int(report, "processedTotal"));
    }

    private static int Int(JsonElement element, string property) => element.GetProperty(property).GetInt32();
}
