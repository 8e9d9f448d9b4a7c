using Monitoring.CircuitBreakers;
using Monitoring.Redis;
using Monitoring.TestSupport;
using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis;

/// <summary>A circuit for each server, on a real pair: one that is away does not fail the commands of the other.</summary>
public sealed class EndPointCircuitTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_replica_that_is_away_opens_its_own_circuit_and_the_primary_goes_on()
    {
        await using var primary = await ServerProcess.StartRedisAsync();
        await using var replica = await ServerProcess.StartRedisAsync("--replicaof", "127.0.0.1", $"{primary.Port}");
        using var monitor = PerformanceMonitor.Create(new MonitoringOptions { CircuitBreaker = { MinimumThroughput = 2 } });
        var connection = await ConnectionMultiplexer.ConnectAsync($"{primary.EndPoint},{replica.EndPoint},abortConnect=false,asyncTimeout=500,syncTimeout=500");
        using var monitored = connection.WithMonitoring(monitor, new RedisConnectionOptions { Name = "pair", CircuitScope = RedisCircuitScope.EndPoint });
        var database = monitored.GetDatabase();
        await database.StringSetAsync("k", "v");
        await Eventually.Async(async () => await database.StringGetAsync("k", CommandFlags.DemandReplica) == "v", Limit, () => "the replica has no copy");

        await replica.KillAsync();
        await Eventually.Async(
            async () => await Fails(() => database.StringGetAsync("k", CommandFlags.DemandReplica)) && StateOf(replica) == CircuitState.Open,
            Limit,
            () => $"the replica's circuit did not open: {Circuits()}");

        (await database.StringGetAsync("k")).Should().Be("v");
        await database.StringSetAsync("k", "w");
        StateOf(primary).Should().Be(CircuitState.Closed);
        monitor.Redis.GetSummary().EndPoints.Select(endPoint => endPoint.EndPoint).Should().Contain([primary.EndPoint, replica.EndPoint]);

        await replica.RestartAsync();
        await Eventually.Async(() => Task.FromResult(StateOf(replica) == CircuitState.Closed), Limit, () => $"the replica's circuit did not close: {Circuits()}");

        CircuitState? StateOf(ServerProcess server) =>
            monitor.CircuitBreakers.GetSummaries().SingleOrDefault(circuit => circuit.Name == $"pair/{server.EndPoint}")?.State;
        string Circuits() => string.Join(", ", monitor.CircuitBreakers.GetSummaries().Select(circuit => $"{circuit.Name} {circuit.State}"));
    }

    private static async Task<bool> Fails(Func<Task> call)
    {
        try
        {
            await call();
            return false;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            return true;
        }
    }
}
