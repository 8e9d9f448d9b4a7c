using Monitoring.Alerts;
using Monitoring.Redis;
using Monitoring.Telemetry;
using Monitoring.TestSupport;
using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis;

/// <summary>What real servers say of themselves, and what becomes of it.</summary>
public sealed class ServerPageTests
{
    [Fact]
    public async Task Its_figures_are_those_of_INFO()
    {
        await using var server = await ServerProcess.StartRedisAsync("--maxmemory", "100mb");
        await using var fixture = await ServerFixture.StartAsync(server);
        var database = fixture.Monitored.GetDatabase();
        await WaitForPollsAsync(fixture, 2);
        await database.StringSetAsync("user:1", "a");

        // A transaction, so that no poll comes in between.
        var transaction = database.CreateTransaction();
        for (var i = 0; i < 30; i++)
        {
            _ = transaction.StringGetAsync(i < 20 ? "user:1" : "user:2");
        }

        var wrong = transaction.ListLeftPushAsync("user:1", "b");
        await transaction.ExecuteAsync();
        await wrong.Awaiting(static w => w).Should().ThrowAsync<RedisServerException>();
        var page = await WaitForPageAsync(fixture, static page => page.Lookups >= 30);

        page.Should().BeEquivalentTo(new
        {
            EndPoint = server.EndPoint,
            Role = "master",
            MaximumMemoryBytes = 100L << 20,
            MemoryPolicy = "noeviction",
            EvictionsPerSecond = 0d,
            RejectedConnections = 0L,
            IsLoading = false,
            LastSaveSucceeded = true,
            BlockedClients = 0L,
        });
        page.HitRatePercent.Should().BeApproximately(100.0 * 20 / 30, 1);
        page.Errors.Should().Contain("WRONGTYPE", 1);
        page.Unavailable.Should().BeEmpty();
        page.Commands.Single(static command => command.Command == "GET").Should().Match<RedisServerCommand>(static get => get.Calls == 30 && get.Average > TimeSpan.Zero);
        page.BusyPercent.Should().BeInRange(0.0001, 100);

        var info = (await fixture.Server.InfoAsync()).SelectMany(static section => section).ToDictionary(static pair => pair.Key, static pair => pair.Value);
        page.Version.Should().Be(info["redis_version"]);
        page.Clients.Should().Be(long.Parse(info["connected_clients"]));
        page.UsedMemoryBytes!.Value.Should().BeCloseTo(long.Parse(info["used_memory"]), 1 << 20);
        page.MemoryPercent.Should().BeApproximately(100.0 * page.UsedMemoryBytes.Value / (100 << 20), 0.001);
        page.ChangesSinceSave.Should().Be(long.Parse(info["rdb_changes_since_last_save"]));
        page.CommandsPerSecond.Should().BePositive();
        fixture.Monitor.Redis.GetSummary().Connections.Single().Servers.Single().EndPoint.Should().Be(server.EndPoint);
    }

    [Fact]
    public async Task A_percentile_of_the_server_is_of_the_time_between_two_polls()
    {
        await using var server = await ServerProcess.StartRedisAsync("--enable-debug-command", "yes");
        await using var fixture = await ServerFixture.StartAsync(server);
        await fixture.Server.ExecuteAsync("DEBUG", "SLEEP", "0.05");
        await WaitForPollsAsync(fixture, 2);

        RedisServerCommand? slow = null;
        await ServerFixture.EventuallyAsync(
            async () =>
            {
                await fixture.Server.ExecuteAsync("DEBUG", "SLEEP", "0.05");
                slow = fixture.Monitor.Redis.GetServers().SelectMany(static page => page.Commands).FirstOrDefault(static command => command.Command == "DEBUG");
                return slow?.P99 is not null;
            },
            () => $"DEBUG should have a percentile, but is {slow}");

        slow!.P99.Should().BeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(50)).And.BeLessThan(TimeSpan.FromMilliseconds(500));
        slow.Average.Should().BeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task The_slow_log_gains_entries_with_patterns_and_survives_its_reset()
    {
        await using var server = await ServerProcess.StartRedisAsync("--enable-debug-command", "yes", "--slowlog-log-slower-than", "20000");
        await using (var earlier = await ConnectionMultiplexer.ConnectAsync(server.EndPoint))
        {
            await earlier.GetDatabase().ExecuteAsync("DEBUG", "SLEEP", "0.03");
        }

        await using var fixture = await ServerFixture.StartAsync(server);
        await WaitForPollsAsync(fixture, 1);
        Page(fixture)!.SlowLog.Where(IsSleep).Should().BeEmpty("the monitor did not watch yet when it was logged");

        await fixture.Server.ExecuteAsync("DEBUG", "SLEEP", "0.03");
        var page = await WaitForPageAsync(fixture, static page => page.SlowLog.Any(IsSleep));
        page.SlowLog.Single(IsSleep).Duration.Should().BeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(30));

        await fixture.Server.ExecuteAsync("SLOWLOG", "RESET");
        await fixture.Server.ConfigSetAsync("slowlog-log-slower-than", 0);
        await fixture.Bystander.GetDatabase().StringSetAsync("user:4711:cart", "secret");
        await fixture.Server.ConfigSetAsync("slowlog-log-slower-than", 1_000_000);
        page = await WaitForPageAsync(fixture, static page => page.SlowLog.Any(static entry => entry.Command.StartsWith("SET", StringComparison.Ordinal)));

        page.SlowLog.Should().Contain(static entry => entry.Command == "SET user:{id}:cart").And.NotContain(static entry => entry.Command.Contains("secret"));
        page.SlowLog.Count(IsSleep).Should().Be(1);

        // On a busy machine any command may be slow enough to be logged too.
        static bool IsSleep(RedisServerSlowCommand entry) => entry.Command == "DEBUG SLEEP";
    }

    [Fact]
    public async Task Evictions_raise_an_alert()
    {
        await using var server = await ServerProcess.StartRedisAsync("--maxmemory", "3mb", "--maxmemory-policy", "allkeys-random");
        await using var fixture = await ServerFixture.StartAsync(server);
        var database = fixture.Monitored.GetDatabase();
        await WaitForPollsAsync(fixture, 2);

        var number = 0;
        await WaitForAlertAsync(fixture, MetricNames.RedisEvictions, async () =>
        {
            var value = new string('x', 10_000);
            await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => database.StringSetAsync($"item:{number++}", value)));
        });

        fixture.Monitor.Redis.GetServers().Single().EvictionsPerSecond.Should().BePositive();
        fixture.Monitor.Alerts.GetActive().Should().NotContain(static alert => alert.Metric == MetricNames.RedisMemory, "a cache is meant to be full");
    }

    [Fact]
    public async Task A_full_server_that_may_not_evict_raises_an_alert()
    {
        await using var server = await ServerProcess.StartRedisAsync();
        await using var fixture = await ServerFixture.StartAsync(server);
        await fixture.Bystander.GetDatabase().StringSetAsync("ballast", new byte[10_000_000]);
        await fixture.Server.ConfigSetAsync("maxmemory", 12_500_000);

        (await WaitForAlertAsync(fixture, MetricNames.RedisMemory)).Message.Should().Contain("maxmemory");
    }

    [Fact]
    public async Task Rejected_connections_raise_an_alert()
    {
        await using var server = await ServerProcess.StartRedisAsync("--maxclients", "12");
        await using var fixture = await ServerFixture.StartAsync(server);
        await WaitForPollsAsync(fixture, 1);

        var alert = await WaitForAlertAsync(fixture, MetricNames.RedisRejectedConnections, async () =>
        {
            var clients = Enumerable.Range(0, 12).Select(static _ => new System.Net.Sockets.TcpClient()).ToArray();
            await Task.WhenAll(clients.Select(client => client.ConnectAsync("127.0.0.1", server.Port)));
            Array.ForEach(clients, static client => client.Dispose());
        });

        alert.Severity.Should().Be(AlertSeverity.Critical);
    }

    [Fact]
    public async Task A_low_hit_rate_of_a_cache_raises_an_alert()
    {
        await using var server = await ServerProcess.StartRedisAsync("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru");
        await using var fixture = await ServerFixture.StartAsync(server);
        var database = fixture.Monitored.GetDatabase();

        var alert = await WaitForAlertAsync(fixture, MetricNames.RedisMissRate, async () =>
            await Task.WhenAll(Enumerable.Range(0, 200).Select(i => database.StringGetAsync($"nowhere:{i}"))));

        alert.Message.Should().Contain("the hit rate is 0 %");
    }

    [Fact]
    public async Task A_silent_replica_raises_an_alert_and_a_replica_without_its_source_too()
    {
        await using var source = await ServerProcess.StartRedisAsync();
        await using var replica = await ServerProcess.StartRedisAsync("--replicaof", "127.0.0.1", $"{source.Port}");
        await using var watchingSource = await StartWithLagAsync(source);
        await using var watchingReplica = await StartWithLagAsync(replica);
        await WaitForPageAsync(watchingSource, static page => page.ReplicationLag is not null);
        await WaitForPageAsync(watchingReplica, static page => page is { Role: "slave", IsReplicationLinkUp: true });

        replica.Stall();
        try
        {
            await watchingSource.Bystander.GetDatabase().StringSetAsync("key", new byte[10_000]);
            await WaitForAlertAsync(watchingSource, MetricNames.RedisReplicationLag);
            Page(watchingSource)!.ReplicationLagBytes.Should().BeGreaterThanOrEqualTo(10_000);
        }
        finally
        {
            replica.Continue();
        }

        await source.KillAsync();
        await WaitForPageAsync(watchingReplica, static page => page is { IsReplicationLinkUp: false, ReplicationLag.TotalSeconds: >= 2 });
        await WaitForAlertAsync(watchingReplica, MetricNames.RedisReplicationLag);

        static Task<ServerFixture> StartWithLagAsync(ServerProcess server) => ServerFixture.StartAsync(server, configure: static options =>
        {
            options.Alerts.Thresholds.RedisReplicationLagWarning = TimeSpan.FromSeconds(2);
        });
    }

    [Fact]
    public async Task A_user_without_rights_turns_items_off_with_one_line_and_the_application_goes_on()
    {
        await using var server = await ServerProcess.StartRedisAsync();
        await using (var admin = await ConnectionMultiplexer.ConnectAsync(server.EndPoint))
        {
            await admin.GetDatabase().ExecuteAsync("ACL", "SETUSER", "app", "on", ">hush", "~*", "&*", "+@all", "-@dangerous", "-info", "-xinfo");
        }

        await using var fixture = await ServerFixture.StartAsync(server, ",user=app,password=hush", configure: static options =>
            options.Redis.StreamGroups.Add(new RedisStreamGroup { Stream = "jobs", Group = "workers" }));
        await WaitForPollsAsync(fixture, 1);
        await Task.Delay(TimeSpan.FromSeconds(3));

        Page(fixture)!.Unavailable.Should().Contain(["info", "commandstats", "slowlog"]);
        fixture.Log.Lines.Where(static line => line.Event == EventIds.RedisServerItemRefused).Should().HaveCount(2, "one for the server and one for the streams")
            .And.OnlyContain(static line => line.Line.Contains("NOPERM"));
        (await fixture.Monitored.GetDatabase().StringSetAsync("key", "value")).Should().BeTrue();
        fixture.Monitor.Redis.GetStreamGroups().Should().BeEmpty();
        fixture.Monitor.Redis.Errors.Count.Should().Be(0);
        (await fixture.MonitorClientsAsync()).Should().ContainSingle();
    }

    [Fact]
    public async Task Is_asked_without_the_sockets_of_the_application()
    {
        await using var server = await ServerProcess.StartRedisAsync();
        await using var fixture = await ServerFixture.StartAsync(server);
        await WaitForPollsAsync(fixture, 1);
        await fixture.Monitored.GetDatabase().PingAsync();
        var (before, rest) = (fixture.Bare.GetCounters(), fixture.Bare.OperationCount);

        await WaitForPollsAsync(fixture, 3);

        // The client's own heartbeat may send a command a minute.
        fixture.Bare.GetCounters().Interactive.OperationCount.Should().BeInRange(before.Interactive.OperationCount, before.Interactive.OperationCount + 1);
        fixture.Bare.OperationCount.Should().BeInRange(rest, rest + 2);
    }

    [Fact]
    public async Task A_server_that_stalls_dies_and_comes_back_is_asked_again_and_what_it_counts_anew_is_no_step_back()
    {
        await using var server = await ServerProcess.StartRedisAsync();
        await using var fixture = await ServerFixture.StartAsync(server);
        await WaitForPageAsync(fixture, static page => page.CommandsPerSecond > 0);
        server.Stall();
        await Task.Delay(TimeSpan.FromSeconds(4));
        var silent = Page(fixture)!;
        server.Continue();
        await WaitForPageAsync(fixture, page => page.At > silent.At);

        await server.KillAsync();
        await server.RestartAsync();
        var page = await WaitForPageAsync(fixture, page => page.Uptime < silent.Uptime || page.CommandsPerSecond is null);
        page.Lookups.Should().BeNull("the first poll of a new run has nothing to compare with");
        page = await WaitForPageAsync(fixture, static page => page.CommandsPerSecond is not null);

        page.CommandsPerSecond.Should().BeGreaterThanOrEqualTo(0);
        fixture.Monitor.Redis.Errors.Count.Should().Be(0);
        (await fixture.MonitorClientsAsync()).Should().ContainSingle("nothing piles up");
    }

    [Fact]
    public async Task A_reset_of_the_servers_statistics_is_no_step_back()
    {
        await using var server = await ServerProcess.StartRedisAsync();
        await using var fixture = await ServerFixture.StartAsync(server);
        var database = fixture.Monitored.GetDatabase();
        for (var i = 0; i < 200; i++)
        {
            await database.StringGetAsync("nowhere");
        }

        await WaitForPageAsync(fixture, static page => page.Lookups >= 0);
        await fixture.Server.ConfigResetStatisticsAsync();
        var seen = new List<RedisServerStatistics>();
        await ServerFixture.EventuallyAsync(
            () =>
            {
                seen.Add(Page(fixture)!);
                return seen.Select(static page => page.At).Distinct().Count() >= 4;
            },
            () => "polls should go on");

        seen.Should().OnlyContain(static page => page.Lookups >= 0 && page.CommandsPerSecond >= 0 && page.BusyPercent >= 0);
        seen.SelectMany(static page => page.Commands).Should().OnlyContain(static command => command.Calls > 0 && command.Average >= TimeSpan.Zero);
    }

    [Fact]
    public async Task Lag_and_pending_entries_of_stream_groups_are_shown()
    {
        await using var server = await ServerProcess.StartRedisAsync();
        await using var fixture = await ServerFixture.StartAsync(server, configure: static options =>
        {
            options.Redis.StreamGroups.Add(new RedisStreamGroup { Stream = "jobs", Group = "workers" });
            options.Redis.StreamGroups.Add(new RedisStreamGroup { Stream = "jobs", Group = "nobody" });
            options.Redis.StreamGroups.Add(new RedisStreamGroup { Stream = "nowhere", Group = "workers" });
        });
        var database = fixture.Bystander.GetDatabase();
        await database.StreamCreateConsumerGroupAsync("jobs", "workers", StreamPosition.NewMessages);
        for (var i = 0; i < 5; i++)
        {
            await database.StreamAddAsync("jobs", "number", i);
        }

        await database.StreamReadGroupAsync("jobs", "workers", "worker-1", StreamPosition.NewMessages, count: 2);

        await ServerFixture.EventuallyAsync(
            () => fixture.Monitor.Redis.GetStreamGroups().Any(static group => group.Pending == 2),
            () => string.Join("; ", fixture.Monitor.Redis.GetStreamGroups()));
        fixture.Monitor.Redis.GetStreamGroups().Should().BeEquivalentTo(
            [
                new { Stream = "jobs", Group = "workers", Exists = true, Lag = (long?)3, Pending = 2L, Consumers = 1L },
                new { Stream = "jobs", Group = "nobody", Exists = false, Lag = (long?)null, Pending = 0L, Consumers = 0L },
                new { Stream = "nowhere", Group = "workers", Exists = false, Lag = (long?)null, Pending = 0L, Consumers = 0L },
            ]);
        fixture.Log.Lines.Should().BeEmpty();
    }

    [Fact]
    public async Task Garnet_tells_what_it_has_and_is_not_asked_for_the_rest_again()
    {
        await using var server = await ServerProcess.StartGarnetAsync();
        await using var fixture = await ServerFixture.StartAsync(server);
        var page = await WaitForPageAsync(fixture, static page => page.Unavailable.Count > 0);

        page.Version.Should().StartWith("Garnet ");
        page.Role.Should().Be("master");
        page.Unavailable.Should().Contain(["commandstats", "errorstats"]);
        page.Clients.Should().BeNull("it prints a zero for what it does not measure");
        fixture.Monitor.Redis.Errors.Count.Should().Be(0);
    }

    private static RedisServerStatistics? Page(ServerFixture fixture) => fixture.Monitor.Redis.GetServers().SingleOrDefault();

    private static async Task WaitForPollsAsync(ServerFixture fixture, int count)
    {
        var seen = new HashSet<DateTimeOffset>();
        await ServerFixture.EventuallyAsync(
            () =>
            {
                if (Page(fixture) is { } page)
                {
                    seen.Add(page.At);
                }

                return seen.Count >= count;
            },
            () => $"{count} polls should have been answered, {seen.Count} were");
    }

    private static async Task<RedisServerStatistics> WaitForPageAsync(ServerFixture fixture, Func<RedisServerStatistics, bool> condition)
    {
        RedisServerStatistics? page = null;
        await ServerFixture.EventuallyAsync(
            () => (page = Page(fixture)) is not null && condition(page),
            () => $"the server says {page}; errors: {string.Join(", ", page?.Unavailable ?? [])}; log: {string.Join("; ", fixture.Log.Lines)}");
        return page!;
    }

    private static async Task<Alert> WaitForAlertAsync(ServerFixture fixture, string metric, Func<Task>? cause = null)
    {
        Alert? alert = null;
        await ServerFixture.EventuallyAsync(
            async () =>
            {
                await (cause?.Invoke() ?? Task.CompletedTask);
                alert = fixture.Monitor.Alerts.GetActive().FirstOrDefault(active => active.Metric == metric);
                return alert is not null;
            },
            () => $"{metric} should be alerted; the server says {Page(fixture)}");
        return alert!;
    }
}
