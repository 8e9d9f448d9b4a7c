using System.Diagnostics;
using Monitoring.Redis;
using Monitoring.TestSupport;
using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis;

public sealed class NeverConnectedTests
{
    [Fact]
    public async Task Without_a_server_everything_can_be_read_and_commands_fail_as_the_client_fails_them()
    {
        using var monitor = PerformanceMonitor.Create();
        var configuration = $"127.0.0.1:{ServerProcess.FreePort()},abortConnect=false,connectTimeout=500,syncTimeout=500,asyncTimeout=500";
        await using var redis = (await ConnectionMultiplexer.ConnectAsync(configuration)).WithMonitoring(monitor, new RedisConnectionOptions { UseCircuitBreaker = false });
        var database = redis.GetDatabase();
        var started = Stopwatch.GetTimestamp();

        await database.Invoking(d => d.StringGetAsync("key")).Should().ThrowAsync<RedisConnectionException>();
        database.Invoking(d => d.StringGet("key")).Should().Throw<RedisConnectionException>();
        var batch = database.CreateBatch();
        _ = batch.StringGetAsync("key");
        batch.Invoking(b => b.Execute()).Should().Throw<RedisConnectionException>("the bare client throws here too");
        await database.Invoking(d => d.KeyDeleteAsync("key", CommandFlags.FireAndForget)).Should().NotThrowAsync();

        Stopwatch.GetElapsedTime(started).Should().BeLessThan(TimeSpan.FromSeconds(30));
        var summary = monitor.Redis.GetSummary();
        summary.Failures.Connection.Should().Be(3);
        summary.Timeouts.Should().HaveCount(2).And.OnlyContain(t => t.Cause == RedisTimeoutCause.ConnectionLoss);
        var connection = summary.Connections.Single();
        connection.IsConnected.Should().BeFalse();
        connection.EndPoints.Should().ContainSingle();
        connection.Sockets.Should().OnlyContain(s => !s.IsConnected);
        monitor.Redis.Errors.Count.Should().Be(0);
    }
}
