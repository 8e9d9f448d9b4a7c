using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Monitoring.Redis.Probes;
using Monitoring.Telemetry;
using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Probes;

/// <summary>How a probe behaves towards its server and its host, whatever the system.</summary>
public sealed class QueueProbeTests
{
    // As docs/queue-probes.md gives it for BullMQ.
    private const string Rights = "~bull:* +@read +@connection -@dangerous +info +client|list";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_documented_rights_are_enough()
    {
        await using var stage = await ProbeStage.StartAsync();
        await StoreJobAsync(stage.Database, "mail");
        await using var connection = await ConnectAsAsync(stage, Rights);
        stage.Watch(QueueSystem.BullMq, connection: connection);

        await stage.ExpectAsync("bullmq:mail", new { CurrentDepth = 1, Workers = 0 });
        stage.ExpectOldest("bullmq:mail", DateTimeOffset.UnixEpoch.AddSeconds(1_700_000_000));
        Lines(stage, EventIds.QueueProbeItemRefused).Should().BeEmpty();
    }

    [Fact]
    public async Task What_the_user_may_not_ask_is_unknown_and_is_asked_once()
    {
        await using var stage = await ProbeStage.StartAsync();
        await StoreJobAsync(stage.Database, "mail");
        await using var connection = await ConnectAsAsync(stage, $"{Rights} -hmget -client|list");
        stage.Watch(QueueSystem.BullMq, connection: connection);

        await stage.ExpectAsync("bullmq:mail", new { CurrentDepth = 1, OldestTaskAge = TimeSpan.Zero });
        await WaitForPollsAsync(stage, 3);
        Lines(stage, EventIds.QueueProbeItemRefused).Should().Equal(
            "Redis does not tell of bullmq: oldest of mail (NOPERM), workers (NOPERM); it is not asked for that again");
        var denied = (RedisResult[])(await stage.Database.ExecuteAsync("ACL", "LOG"))!;
        denied.Select(static entry => (entry.ToDictionary()["object"].ToString(), (int)entry.ToDictionary()["count"])).Should().BeEquivalentTo([("hmget", 1), ("client|list", 1)]);
    }

    [Fact]
    public async Task A_key_of_another_type_turns_its_figure_off()
    {
        await using var stage = await ProbeStage.StartAsync();
        await StoreJobAsync(stage.Database, "mail");
        await stage.Database.StringSetAsync("bull:mail:delayed", "a text");
        stage.Watch(QueueSystem.BullMq);

        await stage.ExpectAsync("bullmq:mail", new { CurrentDepth = 1, Delayed = 0 });
        await WaitForPollsAsync(stage, 3);
        Lines(stage, EventIds.QueueProbeItemRefused).Should().Equal("Redis does not tell of bullmq: delayed of mail (WRONGTYPE); it is not asked for that again");
    }

    [Fact]
    public async Task It_survives_an_outage_and_says_so_twice()
    {
        await using var stage = await ProbeStage.StartAsync();
        await StoreJobAsync(stage.Database, "mail");
        stage.Watch(QueueSystem.BullMq);
        await stage.ExpectAsync("bullmq:mail", new { CurrentDepth = 1 });

        await stage.Server.KillAsync();
        await Eventually.Async(() => Task.FromResult(Lines(stage, EventIds.QueueProbeFailed).Length > 0), Patience, () => "the outage is not logged");
        await stage.Server.RestartAsync();
        await Eventually.Async(() => Task.FromResult(Lines(stage, EventIds.QueueProbeRecovered).Length > 0), Patience, () => "the recovery is not logged");
        await StoreJobAsync(stage.Database, "mail");
        await StoreJobAsync(stage.Database, "mail");

        await stage.ExpectAsync("bullmq:mail", new { CurrentDepth = 2 });
        Lines(stage, EventIds.QueueProbeFailed).Should().ContainSingle();
        Lines(stage, EventIds.InternalError).Should().BeEmpty();
    }

    [Fact]
    public async Task Of_many_queues_the_first_ones_are_watched()
    {
        await using var stage = await ProbeStage.StartAsync();
        foreach (var name in new[] { "e", "d", "c", "b", "a" })
        {
            await StoreJobAsync(stage.Database, name);
        }

        stage.Watch(QueueSystem.BullMq, static options => options.MaxQueues = 3);
        await stage.ExpectAsync("bullmq:c", new { CurrentDepth = 1 });
        await WaitForPollsAsync(stage, 2);

        stage.Monitor.TaskQueue.GetSummary().Queues.Select(static queue => queue.Name).Should().Equal("bullmq:a", "bullmq:b", "bullmq:c");
        Lines(stage, EventIds.QueueProbeQueuesLeftOut).Should().Equal(
            "5 queues of bullmq were found and the first 3 are watched; MaxQueues allows more, or name them (not watched: d, …)");
    }

    [Fact]
    public async Task It_only_reads_whatever_the_system()
    {
        await using var stage = await ProbeStage.StartAsync();
        await StoreJobAsync(stage.Database, "mail");
        foreach (var list in new[] { "mail", "rq:queue:mail", "queue:mail", "resque:queue:mail", "asynq:{mail}:pending", "{hangfire}:queue:mail" })
        {
            await stage.Database.ListLeftPushAsync(list, "{}");
        }

        foreach (var set in new[] { "rq:workers", "processes", "resque:workers", "{hangfire}:servers" })
        {
            await stage.Database.SetAddAsync(set, "one");
        }

        await stage.Database.StreamAddAsync("events", "a", "1");
        await stage.Database.StreamCreateConsumerGroupAsync("events", "readers", "0-0");
        await stage.Connection.GetServer(stage.Server.EndPoint).ConfigResetStatisticsAsync();
        foreach (var system in Enum.GetValues<QueueSystem>())
        {
            stage.Watch(system, static options => options.Queues.Add("mail"));
            stage.Watch(system, options => options.Name = $"found-{system}");
        }

        await WaitForPollsAsync(stage, 12);
        var readers = ((string[])(await stage.Database.ExecuteAsync("COMMAND", "LIST", "FILTERBY", "ACLCAT", "read"))!).Except(["keys"]);
        var sent = (await stage.Connection.GetServer(stage.Server.EndPoint).InfoAsync("commandstats")).SelectMany(static section => section)
            .Select(static pair => pair.Key["cmdstat_".Length..]).Where(static command => !IsOfTheClient(command));

        // Those beyond are the two that the page names.
        sent.Except(readers).Should().BeSubsetOf(["info", "client|list", "xinfo|groups"]);
        sent.Should().Contain(["llen", "zcard", "srandmember", "scan", "hget", "hmget", "lindex", "zrangebyscore", "xrange", "xinfo|groups"]);
        Lines(stage, EventIds.InternalError).Should().BeEmpty();
    }

    [Fact]
    public async Task Its_commands_are_not_those_of_the_application()
    {
        await using var stage = await ProbeStage.StartAsync();
        await StoreJobAsync(stage.Database, "mail");
        stage.Watch(QueueSystem.BullMq, connection: stage.Connection.WithMonitoring(stage.Monitor));

        await stage.ExpectAsync("bullmq:mail", new { CurrentDepth = 1 });
        stage.Monitor.Redis.GetSummary().TotalOperations.Should().Be(0);
    }

    [Fact]
    public async Task A_queue_that_is_too_deep_raises_an_alert_of_its_own()
    {
        await using var stage = await ProbeStage.StartAsync();
        await stage.Database.ListLeftPushAsync("queue:mail", [.. Enumerable.Repeat((RedisValue)"{}", 5000)]);
        await stage.Database.SetAddAsync("queues", "mail");
        stage.Watch(QueueSystem.Sidekiq);

        await Eventually.Async(
            () => Task.FromResult(stage.Monitor.Alerts.GetActive().Any(static alert => alert.Key == "task-queue-depth.sidekiq-mail")), Patience, () => "no alert");
        var alert = stage.Monitor.Alerts.GetActive().Single(static alert => alert.Key == "task-queue-depth.sidekiq-mail");
        alert.Message.Should().StartWith("Queue sidekiq:mail: 5000 tasks are waiting").And.NotContain("fit");
        alert.Context.Should().Contain("capacity", "not bounded").And.Contain("oldestTaskAge", "unknown").And.Contain("workers", "0 of 0 busy");
    }

    [Fact]
    public async Task The_host_runs_it_on_the_connection_database_and_name_that_it_is_given()
    {
        await using var stage = await ProbeStage.StartAsync();
        await StoreJobAsync(stage.Connection.GetDatabase(3), "mail");
        var services = new ServiceCollection();
        services.AddKeyedSingleton<IConnectionMultiplexer>("broker", stage.Connection);
        services.AddMonitoring().AddRedisQueueProbe(QueueSystem.BullMq, static options =>
        {
            options.ConnectionKey = "broker";
            options.Database = 3;
            options.Name = "shop";
            options.PollInterval = TimeSpan.FromSeconds(1);
        });
        await using var provider = services.BuildServiceProvider();
        var monitor = provider.GetRequiredService<IPerformanceMonitor>();
        var hosted = provider.GetServices<IHostedService>().ToArray();
        foreach (var service in hosted)
        {
            await service.StartAsync(CancellationToken.None);
        }

        await Eventually.Async(() => Task.FromResult(monitor.GetTaskQueueSummary().Queues.Any()), Patience, () => "nothing is watched");
        monitor.GetTaskQueueSummary().Queues.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Name = "shop:mail", System = "bullmq", CurrentDepth = 1 });

        foreach (var service in hosted)
        {
            await service.StopAsync(CancellationToken.None);
        }

        var asked = await CountAsync(stage);
        await Task.Delay(TimeSpan.FromSeconds(2));
        (await CountAsync(stage)).Should().Be(asked, "the host has stopped");
    }

    private static async Task StoreJobAsync(IDatabase database, string queue)
    {
        await database.HashSetAsync($"bull:{queue}:meta", "opts.maxLenEvents", 10000);
        await database.HashSetAsync($"bull:{queue}:1", [new("timestamp", 1_700_000_000_000), new("delay", 0)]);
        await database.ListLeftPushAsync($"bull:{queue}:wait", "1");
    }

    private static async Task<ConnectionMultiplexer> ConnectAsAsync(ProbeStage stage, string rights)
    {
        await stage.Database.ExecuteAsync("ACL", ["SETUSER", "probe", "on", ">secret", .. rights.Split(' ')]);
        var connection = await ConnectionMultiplexer.ConnectAsync($"{stage.Server.EndPoint},user=probe,password=secret,abortConnect=false");
        await stage.Database.ExecuteAsync("ACL", "LOG", "RESET");
        return connection;
    }

    // Of the probe, which reads the length of that list once a poll at least.
    private static async Task WaitForPollsAsync(ProbeStage stage, int polls)
    {
        var start = await CountAsync(stage, "scan");
        await Eventually.Async(async () => await CountAsync(stage, "scan") >= start + polls, Patience, () => "the probe does not ask");
    }

    private static async Task<long> CountAsync(ProbeStage stage, string command = "llen")
    {
        var statistics = (await stage.Connection.GetServer(stage.Server.EndPoint).InfoAsync("commandstats")).SelectMany(static section => section);
        var found = statistics.FirstOrDefault(pair => pair.Key == $"cmdstat_{command}").Value;
        return found is null ? 0 : long.Parse(found.Split(',')[0]["calls=".Length..], System.Globalization.CultureInfo.InvariantCulture);
    }

    // What the client library sends for itself, and this test.
    private static bool IsOfTheClient(string command) =>
        command is "ping" or "echo" or "hello" or "config|get" or "cluster|nodes" or "sentinel|masters" or "subscribe" or "select" or "command|list" or "config|resetstat"
        || (command.StartsWith("client|", StringComparison.Ordinal) && command != "client|list");

    private static string[] Lines(ProbeStage stage, int id) => [.. stage.Log.Lines.Where(line => line.Event == id).Select(static line => line.Line)];
}
