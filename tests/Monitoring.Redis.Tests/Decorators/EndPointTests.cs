using System.Net;
using Monitoring.CircuitBreakers;
using Monitoring.Redis.Decorators;
using Monitoring.TestSupport;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using StackExchange.Redis;

namespace Monitoring.Redis.Tests.Decorators;

public sealed class CompiledEndPointTests() : EndPointBehaviour(DecoratorChoice.Automatic);

public sealed class DynamicEndPointTests() : EndPointBehaviour(DecoratorChoice.Dynamic);

/// <summary>Which server a command is recorded under, and whose circuit guards it.</summary>
public abstract class EndPointBehaviour : IDisposable
{
    private static readonly EndPoint First = new DnsEndPoint("first", 6379);
    private static readonly EndPoint Second = new IPEndPoint(IPAddress.Loopback, 6380);

    private readonly DecoratorChoice _choice;
    private readonly IConnectionMultiplexer _inner = Substitute.For<IConnectionMultiplexer>();
    private readonly IDatabase _database = Substitute.For<IDatabase>();
    private readonly PerformanceMonitor _monitor = PerformanceMonitor.Create(
        new MonitoringOptions { CircuitBreaker = { MinimumThroughput = 2, FailureRatio = 0.5 } }, new FakeClock());

    private protected EndPointBehaviour(DecoratorChoice choice)
    {
        _choice = choice;
        _inner.GetDatabase(Arg.Any<int>(), Arg.Any<object?>()).Returns(_database);
    }

    public void Dispose() => _monitor.Dispose();

    [Fact]
    public void The_only_server_of_a_connection_is_named_without_asking()
    {
        _inner.GetEndPoints().Returns([First]);

        Monitored().GetDatabase().StringGet("key");

        EndPoints().Should().Equal("first:6379");
        _monitor.Redis.GetSummary().OperationsByType["GET"].Count.Should().Be(1);
        _database.DidNotReceiveWithAnyArgs().IdentifyEndpoint();
    }

    [Fact]
    public async Task Of_several_servers_none_is_named_but_where_one_was_asked_for()
    {
        var server = Server(Second, isReplica: false);
        _inner.GetEndPoints().Returns([First, Second]);
        _inner.GetServer(Second).Returns(server);
        var monitored = Monitored();

        monitored.GetDatabase().StringGet("key");
        await monitored.GetServer(Second).PingAsync();

        EndPoints().Should().BeEquivalentTo([null, "127.0.0.1:6380"]);
        await _database.DidNotReceiveWithAnyArgs().IdentifyEndpointAsync();
    }

    [Fact]
    public async Task Learns_that_there_are_more_servers_when_the_client_does()
    {
        _inner.GetEndPoints().Returns([First]);
        var database = Monitored().GetDatabase();
        database.StringGet("key");

        _inner.GetEndPoints().Returns([First, Second]);
        _inner.ConfigurationChanged += Raise.EventWith(_inner, new EndPointEventArgs(_inner, Second));

        await Until(() =>
        {
            database.StringGet("key");
            return EndPoints().Contains(null);
        });
    }

    [Fact]
    public void A_circuit_stands_for_all_servers_unless_told_otherwise()
    {
        Pair();
        var database = Monitored().GetDatabase();

        Fail(database, CommandFlags.DemandReplica);

        Circuits().Should().Equal(("pair", CircuitState.Open));
        database.Invoking(d => d.StringGet("key")).Should().Throw<RedisCircuitOpenException>();
    }

    [Fact]
    public void The_circuit_of_a_replica_opens_and_the_primary_goes_on()
    {
        Pair();
        var database = Monitored(RedisCircuitScope.EndPoint).GetDatabase();

        Fail(database, CommandFlags.DemandReplica);

        Circuits().Should().BeEquivalentTo([("pair", CircuitState.Closed), ("pair/first:6379", CircuitState.Closed), ("pair/127.0.0.1:6380", CircuitState.Open)]);
        database.StringGet("key").Should().Be("value");
        database.Invoking(d => d.StringGet("key", CommandFlags.DemandReplica)).Should().Throw<RedisCircuitOpenException>().Which.Circuit.Should().Be("pair/127.0.0.1:6380");
        EndPoints().Should().BeEquivalentTo(["first:6379", "127.0.0.1:6380"]);
    }

    [Fact]
    public void Prefers_the_primary_where_the_only_replica_is_away()
    {
        var (_, replica) = Pair();
        replica.IsConnected.Returns(false);

        Monitored(RedisCircuitScope.EndPoint).GetDatabase().StringGet("key", CommandFlags.PreferReplica);

        EndPoints().Should().Equal("first:6379");
    }

    [Fact]
    public void Shares_a_circuit_among_commands_for_any_of_several_replicas()
    {
        var (primary, replica) = Pair();
        var third = new DnsEndPoint("third", 1);
        var other = Server(third, isReplica: true);
        _inner.GetEndPoints().Returns([First, Second, third]);
        _inner.GetServers().Returns([primary, replica, other]);

        Monitored(RedisCircuitScope.EndPoint).GetDatabase().StringGet("key", CommandFlags.PreferReplica);

        EndPoints().Should().Equal((string?)null);
    }

    [Fact]
    public async Task Probes_the_server_that_the_circuit_stands_for_and_releases_the_circuit_with_the_connection()
    {
        var clock = new FakeClock();
        using var monitor = PerformanceMonitor.Create(new MonitoringOptions { CircuitBreaker = { MinimumThroughput = 2 } }, clock);
        var (_, replica) = Pair();
        replica.PingAsync().Returns(TimeSpan.FromMilliseconds(1));
        _inner.GetServer(Second).Returns(replica);
        var monitored = RedisDecoration.Decorate(_inner, monitor, Options(RedisCircuitScope.EndPoint), null, _choice);
        Fail(monitored.GetDatabase(), CommandFlags.DemandReplica);
        var circuit = monitor.CircuitBreakers.Find("pair/127.0.0.1:6380")!;
        circuit.IsClosed.Should().BeFalse();

        await Until(() =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            return circuit.IsClosed;
        });

        await replica.Received().PingAsync();
        await _database.DidNotReceiveWithAnyArgs().PingAsync();
        monitored.Dispose();
        monitor.CircuitBreakers.GetSummaries().Should().BeEmpty();
    }

    [Fact]
    public void In_a_cluster_the_hash_slot_of_the_key_tells_the_server()
    {
        var nodes = $"""
            aaaa 10.0.0.1:7000@17000 myself,master - 0 0 1 connected 0-8191
            bbbb 10.0.0.2:7000@17000 master - 0 0 2 connected 8192-16383
            cccc 10.0.0.3:7000@17000 slave bbbb 0 0 3 connected
            """;
        var endPoints = new[] { "10.0.0.1", "10.0.0.2", "10.0.0.3" }.Select(EndPoint (a) => new IPEndPoint(IPAddress.Parse(a), 7000)).ToArray();
        var servers = Array.ConvertAll(endPoints, e => Server(e, isReplica: e == endPoints[2]));
        var configuration = Configuration(nodes, endPoints[0]);
        foreach (var server in servers)
        {
            server.ServerType.Returns(ServerType.Cluster);
            server.ClusterConfiguration.Returns(configuration);
        }

        _inner.GetEndPoints().Returns(endPoints);
        _inner.GetServers().Returns(servers);
        _inner.GetHashSlot("low").Returns(5);
        _inner.GetHashSlot("high").Returns(9000);
        _inner.GetHashSlot(default).Returns(-1);
        var database = Monitored(RedisCircuitScope.EndPoint).GetDatabase();

        database.StringGet("low");
        database.StringGet("high");
        database.StringGet("high", CommandFlags.PreferReplica);
        database.Execute("PING");

        _monitor.Redis.GetSummary().EndPoints.Select(e => (e.EndPoint, e.Count)).Should()
            .BeEquivalentTo([("10.0.0.1:7000", 1L), ("10.0.0.2:7000", 1L), ("10.0.0.3:7000", 1L), (null, 1L)]);
    }

    [Fact]
    public async Task A_command_that_is_not_recorded_passes_untouched_by_the_circuit_too()
    {
        _monitor.Redis.Reload(new RedisMonitoringOptions { ExcludeCommands = { "get", "pipeline", "multi" } });
        _inner.GetEndPoints().Returns([First]);
        var pending = new TaskCompletionSource<RedisValue>();
        _database.StringGetAsync("key").Returns(pending.Task);
        _database.StringGet("key").Returns((RedisValue)"value");
        var batch = Substitute.For<IBatch>();
        batch.StringGetAsync("key").Returns(pending.Task);
        _database.CreateBatch(Arg.Any<object?>()).Returns(batch);
        var transaction = Substitute.For<ITransaction>();
        transaction.ExecuteAsync(CommandFlags.None).Returns(true);
        _database.CreateTransaction(Arg.Any<object?>()).Returns(transaction);
        var database = Monitored().GetDatabase();
        _monitor.CircuitBreakers.Find("pair")!.Isolate();

        database.StringGet("key").Should().Be("value");
        database.StringGetAsync("key").Should().BeSameAs(pending.Task);
        var queued = database.CreateBatch();
        queued.StringGetAsync("key").Should().BeSameAs(pending.Task);
        queued.Execute();
        (await database.CreateTransaction().ExecuteAsync()).Should().BeTrue();

        batch.Received(1).Execute();
        _monitor.Redis.GetSummary().OperationsByType.Should().BeEmpty();
        database.Invoking(d => d.StringSet("key", "value")).Should().Throw<RedisCircuitOpenException>();
    }

    [Fact]
    public void Tells_keys_and_sizes_of_what_is_looked_at()
    {
        _inner.GetEndPoints().Returns([First]);
        _database.StringGet("user:17:cart").Returns((RedisValue)"12345");
        var database = Monitored().GetDatabase();

        database.StringGet("user:17:cart");
        database.StringSet("user:18:cart", "1234567");

        var summary = _monitor.Redis.GetSummary();
        summary.HotKeys.ByCalls.Should().ContainSingle().Which.Calls.Should().Be(2);
        summary.ReplySizes.MaximumBytes.Should().Be(5);
        summary.ArgumentSizes.MaximumBytes.Should().Be(7);
    }

    private static ClusterConfiguration Configuration(string nodes, EndPoint origin) => (ClusterConfiguration)Activator.CreateInstance(
        typeof(ClusterConfiguration), System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic, null, [null, nodes, origin], null)!;

    private static IServer Server(EndPoint endPoint, bool isReplica)
    {
        var server = Substitute.For<IServer>();
        server.EndPoint.Returns(endPoint);
        server.IsReplica.Returns(isReplica);
        server.IsConnected.Returns(true);
        return server;
    }

    private static RedisConnectionOptions Options(RedisCircuitScope scope) => new() { Name = "pair", CircuitScope = scope, UseDiagnostics = false };

    private static void Fail(IDatabase database, CommandFlags flags)
    {
        for (var i = 0; i < 4; i++)
        {
            database.Invoking(d => d.StringGet("key", flags)).Should().Throw<RedisException>();
        }
    }

    // Routes are learnt on the pool.
    private static async Task Until(Func<bool> condition)
    {
        for (var i = 0; i < 1000 && !condition(); i++)
        {
            await Task.Delay(20);
        }

        condition().Should().BeTrue();
    }

    private (IServer Primary, IServer Replica) Pair()
    {
        var (primary, replica) = (Server(First, isReplica: false), Server(Second, isReplica: true));
        _inner.GetEndPoints().Returns([First, Second]);
        _inner.GetServers().Returns([primary, replica]);
        _database.StringGet("key").Returns((RedisValue)"value");
        _database.StringGet("key", CommandFlags.DemandReplica).Throws(new RedisConnectionException(ConnectionFailureType.UnableToConnect, "gone"));
        return (primary, replica);
    }

    private IConnectionMultiplexer Monitored(RedisCircuitScope scope = RedisCircuitScope.Multiplexer) =>
        RedisDecoration.Decorate(_inner, _monitor, Options(scope), null, _choice);

    private List<string?> EndPoints() => [.. _monitor.Redis.GetSummary().EndPoints.Select(static e => e.EndPoint)];

    private IEnumerable<(string, CircuitState)> Circuits() => _monitor.CircuitBreakers.GetSummaries().Select(static c => (c.Name, c.State));
}
