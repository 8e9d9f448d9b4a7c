using System.Diagnostics;
using Monitoring.Redis;
using Monitoring.TestSupport;
using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis;

/// <summary>Client, network or server? Each is made slow in turn, and the public API must say which.</summary>
public sealed class VerdictTests
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Load = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task A_server_that_another_client_keeps_busy_is_blamed_on_the_server()
    {
        await using var server = await ServerProcess.StartRedisAsync("--enable-debug-command", "yes");
        await using var stage = await VerdictStage.StartAsync(server.EndPoint);
        await stage.WaitForSourcesAsync("ping", "commandstats");

        await using var other = await ConnectionMultiplexer.ConnectAsync(server.EndPoint);
        var reading = stage.ReadAsync(Load, Pause);
        while (!reading.IsCompleted)
        {
            await other.GetDatabase().ExecuteAsync("DEBUG", "SLEEP", "0.4");
            await Task.Delay(Pause);
        }

        await reading;
        var verdict = await stage.ShouldBlameAsync(RedisLatencyCause.Server, Window);
        verdict.Explanation.Should().Contain("the server executed commands");
    }

    [Fact]
    public async Task A_long_way_is_blamed_on_the_network()
    {
        await using var server = await ServerProcess.StartRedisAsync();
        await using var proxy = new DelayingProxy(server.Port);
        await using var stage = await VerdictStage.StartAsync(proxy.EndPoint);
        await stage.WaitForSourcesAsync("ping", "commandstats");

        proxy.DelayToServer = TimeSpan.FromMilliseconds(40);
        proxy.DelayFromServer = TimeSpan.FromMilliseconds(40);
        await stage.ReadAsync(Load, Pause);

        var verdict = await stage.ShouldBlameAsync(RedisLatencyCause.Network, TimeSpan.FromSeconds(4), again: () => stage.ReadAsync(TimeSpan.FromSeconds(1), Pause));
        verdict.Observed.Should().BeGreaterThan(TimeSpan.FromMilliseconds(40));
    }

    [Fact]
    public async Task Waiting_behind_a_large_reply_is_blamed_on_the_head_of_the_line()
    {
        await using var server = await ServerProcess.StartRedisAsync();
        await using var proxy = new DelayingProxy(server.Port);
        await using var stage = await VerdictStage.StartAsync(proxy.EndPoint);
        await stage.WaitForSourcesAsync("ping", "thread-pool");
        await stage.Database.StringSetAsync("large", new byte[20_000_000]);

        proxy.BytesPerSecondFromServer = 10_000_000;
        var started = Stopwatch.GetTimestamp();
        var large = stage.Database.StringGetAsync("large");
        await stage.ReadAsync(TimeSpan.FromSeconds(2.5), Pause);
        await large;

        Stopwatch.GetElapsedTime(started).Should().BeGreaterThan(TimeSpan.FromSeconds(1.9), "the proxy holds 20 MB back for two seconds");
        await stage.ShouldBlameAsync(RedisLatencyCause.HeadOfLine, Window);
    }

    [Fact]
    public async Task On_a_quiet_connection_the_shares_still_sum_to_a_hundred()
    {
        await using var server = await ServerProcess.StartRedisAsync();
        await using var stage = await VerdictStage.StartAsync(server.EndPoint);
        await stage.WaitForSourcesAsync("ping", "commandstats", "thread-pool");
        await stage.ReadAsync(TimeSpan.FromSeconds(1), Pause);

        var verdict = stage.Verdict(Window);

        verdict.Operations.Should().BePositive();
        // The first SET of a cold process may have taken more time than all reads.
        verdict.Explanation.Should().Contain("GET");
        verdict.HeadOfLinePercent.Should().Be(0);
    }

    [Fact]
    public async Task Without_diagnostics_server_and_network_are_unknown_and_it_says_what_is_missing()
    {
        await using var server = await ServerProcess.StartRedisAsync("--enable-debug-command", "yes");
        await using var stage = await VerdictStage.StartAsync(server.EndPoint, static options => options.Redis.Server.Enabled = false);

        await using var other = await ConnectionMultiplexer.ConnectAsync(server.EndPoint);
        var blocking = other.GetDatabase().ExecuteAsync("DEBUG", "SLEEP", "1");
        await stage.ReadAsync(TimeSpan.FromSeconds(1), Pause);
        await blocking;

        var verdict = stage.Verdict(Window);
        verdict.MissingSources.Should().Contain(["commandstats", "ping"]);
        verdict.Cause.Should().Be(RedisLatencyCause.Unknown);
        (verdict.ServerPercent + verdict.NetworkPercent + verdict.HeadOfLinePercent).Should().Be(0);
    }

    [Fact]
    public async Task A_server_without_figures_of_its_own_has_no_share()
    {
        await using var server = await ServerProcess.StartGarnetAsync();
        await using var stage = await VerdictStage.StartAsync(server.EndPoint);
        await stage.WaitForSourcesAsync("ping");
        await stage.ReadAsync(TimeSpan.FromSeconds(2), Pause);

        var verdict = stage.Verdict(Window);

        verdict.MissingSources.Should().Contain("commandstats");
        verdict.ServerPercent.Should().Be(0);
    }
}
