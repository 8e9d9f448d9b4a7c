using Monitoring.CircuitBreakers;
using Monitoring.Redis.Decorators;
using Monitoring.TestSupport;
using NSubstitute;
using StackExchange.Redis;

namespace Monitoring.Redis.Tests.Decorators;

/// <summary>A monitored multiplexer over an inner one that does what a test says, on a clock that only the test moves.</summary>
internal sealed class Setting : IDisposable
{
    public Setting(DecoratorChoice choice, bool withCircuit = true)
    {
        Monitor = PerformanceMonitor.Create(
            new MonitoringOptions { CircuitBreaker = { MinimumThroughput = 2, FailureRatio = 0.5 } }, Clock);
        Inner = Substitute.For<IConnectionMultiplexer>();
        Database = Substitute.For<IDatabase>();
        Inner.GetDatabase(Arg.Any<int>(), Arg.Any<object?>()).Returns(Database);
        Inner.Configuration.Returns("localhost:6379,abortConnect=False");
        Monitored = RedisDecoration.Decorate(
            Inner, Monitor, new RedisConnectionOptions { Name = "test", UseCircuitBreaker = withCircuit, UseDiagnostics = false }, null, choice);
    }

    public FakeClock Clock { get; } = new();

    public PerformanceMonitor Monitor { get; }

    public IConnectionMultiplexer Inner { get; }

    public IDatabase Database { get; }

    public IConnectionMultiplexer Monitored { get; }

    public IDatabase Db => Monitored.GetDatabase();

    public CircuitBreaker Circuit => Monitor.CircuitBreakers.Find("test")!;

    public RedisOperationSummary Summary => Monitor.Redis.GetSummary();

    public RedisOperationStatistics Operation(string command) => Summary.OperationsByType[command];

    public void OpenCircuit() => Circuit.Isolate();

    public void Dispose() => Monitor.Dispose();
}
