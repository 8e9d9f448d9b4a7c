using System.Diagnostics;
using Monitoring.CircuitBreakers;
using Monitoring.Redis;
using Monitoring.TestSupport;
using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis.Robustness;

/// <summary>A connection that never was.</summary>
public sealed class UnreachableTests
{
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Commands_fail_as_the_bare_clients_do(bool failFast)
    {
        var configuration = Configure(failFast);
        await using var bare = await ConnectionMultiplexer.ConnectAsync(configuration);
        using var monitor = PerformanceMonitor.Create();
        await using var monitored = (await ConnectionMultiplexer.ConnectAsync(configuration))
            .WithMonitoring(monitor, new RedisConnectionOptions { UseCircuitBreaker = false });

        var expected = await FailAsync(bare.GetDatabase());
        var actual = await FailAsync(monitored.GetDatabase());

        actual.Should().Equal(expected);
        expected.Should().OnlyContain(static type => type != null);
        monitor.Redis.GetSummary().Failures.Total.Should().Be(expected.Count);
    }

    [Fact]
    public async Task The_circuit_opens_the_summary_can_be_read_and_disposing_is_prompt()
    {
        using var monitor = PerformanceMonitor.Create(new MonitoringOptions { CircuitBreaker = { MinimumThroughput = 5 } });
        var monitored = (await ConnectionMultiplexer.ConnectAsync(Configure(failFast: true))).WithMonitoring(monitor);
        var database = monitored.GetDatabase();

        await Eventually.Async(
            async () => await Record.ExceptionAsync(() => database.StringGetAsync("key")) is RedisCircuitOpenException,
            MonitoredServer.Patience,
            () => "The circuit stays closed.");

        var summary = monitor.Redis.GetSummary();
        summary.Connections.Should().ContainSingle(static connection => !connection.IsConnected);
        summary.CircuitBreakers.Should().ContainSingle(static circuit => circuit.State != CircuitState.Closed);
        summary.Failures.Connection.Should().BePositive();
        summary.Failures.Rejected.Should().BePositive();
        summary.SuccessRatePercent.Should().Be(0);

        var start = Stopwatch.GetTimestamp();
        await monitored.DisposeAsync();
        Stopwatch.GetElapsedTime(start).Should().BeLessThan(Prompt);
    }

    private static ConfigurationOptions Configure(bool failFast)
    {
        var configuration = ConfigurationOptions.Parse($"127.0.0.1:{ServerProcess.FreePort()},abortConnect=false,connectTimeout=300,syncTimeout=500,asyncTimeout=500,connectRetry=0");
        configuration.BacklogPolicy = failFast ? BacklogPolicy.FailFast : BacklogPolicy.Default;
        return configuration;
    }

    private static async Task<List<Type?>> FailAsync(IDatabase database) =>
    [
        Record.Exception(() => database.StringGet("key"))?.GetType(),
        (await Record.ExceptionAsync(() => database.StringGetAsync("key")))?.GetType(),
        Record.Exception(() => database.ListTrim("list", 0, 1))?.GetType(),
        (await Record.ExceptionAsync(() => database.ScriptEvaluateAsync("return 1")))?.GetType(),
        Record.Exception(() => database.CreateTransaction() is var transaction && transaction.StringSetAsync("key", 1) is not null && transaction.Execute())?.GetType(),
    ];
}
