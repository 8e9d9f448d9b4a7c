using System.Net;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Monitoring.Redis.Decorators;
using Monitoring.Redis.Diagnostics;
using Monitoring.Redis.Tests.Decorators;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using StackExchange.Redis;
using StackExchange.Redis.Maintenance;

namespace Monitoring.Redis.Tests.Diagnostics;

public sealed class CompiledConnectionWatchTests() : ConnectionWatchTests(DecoratorChoice.Automatic);

public sealed class DynamicConnectionWatchTests() : ConnectionWatchTests(DecoratorChoice.Dynamic);

/// <summary>What a monitored multiplexer's connection tells of the inner one's events, whichever decorator it is.</summary>
public abstract class ConnectionWatchTests : IDisposable
{
    private static readonly EndPoint Server = new DnsEndPoint("redis.internal", 6379);

    private readonly Setting _setting;

    private protected ConnectionWatchTests(DecoratorChoice choice) => _setting = new Setting(choice);

    private IConnectionMultiplexer Inner => _setting.Inner;

    private RedisConnectionStatus Status => _setting.Summary.Connections.Single();

    private RedisConnectionEvent Last => Status.Events[0];

    public void Dispose() => _setting.Dispose();

    [Fact]
    public void Tells_when_a_connection_is_lost_and_restored()
    {
        Inner.ConnectionFailed += Raise.EventWith(Inner, Failure(ConnectionFailureType.SocketClosed));
        Last.Should().Be(new RedisConnectionEvent(_setting.Clock.GetUtcNow(), RedisConnectionEventKind.Failed, "redis.internal:6379", "Interactive", "SocketClosed"));

        _setting.Clock.Advance(TimeSpan.FromSeconds(1));
        Inner.ConnectionRestored += Raise.EventWith(Inner, Failure(ConnectionFailureType.None));

        Last.Should().Be(new RedisConnectionEvent(_setting.Clock.GetUtcNow(), RedisConnectionEventKind.Restored, "redis.internal:6379", "Interactive", null));
        Status.Should().Match<RedisConnectionStatus>(s => s.Failures == 1 && s.Restores == 1 && !s.IsReconnectStorm);
    }

    [Fact]
    public void Tells_of_a_storm()
    {
        for (var i = 0; i < 5; i++)
        {
            Inner.ConnectionFailed += Raise.EventWith(Inner, Failure(ConnectionFailureType.SocketFailure));
        }

        Status.IsReconnectStorm.Should().BeTrue();
        _setting.Clock.Advance(TimeSpan.FromMinutes(1));
        Status.IsReconnectStorm.Should().BeFalse();
    }

    [Fact]
    public void A_type_of_failure_that_this_client_does_not_know_is_shown_as_its_number()
    {
        Inner.ConnectionFailed += Raise.EventWith(Inner, Failure((ConnectionFailureType)4711));

        Last.Reason.Should().Be("4711");
    }

    [Fact]
    public void The_next_clients_own_breaker_has_a_name_there_that_this_one_does_not_know()
    {
        // What is shown is the name in the client that the application loads; here is seen that the next one has it.
        var path = GetType().Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "NextRedis").Value!;
        var next = new AssemblyLoadContext("next", isCollectible: true);
        try
        {
            var type = next.LoadFromAssemblyPath(path).GetType(typeof(ConnectionFailureType).FullName!)!;

            Enum.Parse(type, "CircuitBreaker").ToString().Should().Be("CircuitBreaker");
            Enum.GetNames<ConnectionFailureType>().Should().NotContain("CircuitBreaker");
        }
        finally
        {
            next.Unload();
        }
    }

    [Fact]
    public void Keeps_the_prefix_of_an_error_and_not_its_text()
    {
        Inner.ErrorMessage += Raise.EventWith(Inner, new RedisErrorEventArgs(Inner, Server, "NOAUTH of user:4711"));
        Last.Should().Match<RedisConnectionEvent>(e => e.Kind == RedisConnectionEventKind.Error && e.Reason == "NOAUTH");

        Inner.InternalError += Raise.EventWith(Inner, new InternalErrorEventArgs(Inner, Server, ConnectionType.Subscription, new InvalidOperationException("of user:4711"), "ReadFromPipe"));
        Status.Events.Should().Contain(e => e.ConnectionKind == "Subscription" && e.Reason == "ReadFromPipe: InvalidOperationException");
        Status.Events.Should().NotContain(e => e.Reason!.Contains("4711"));
    }

    [Fact]
    public void Tells_of_maintenance_and_of_a_broadcast()
    {
        var notice = (ServerMaintenanceEvent)RuntimeHelpers.GetUninitializedObject(typeof(AzureMaintenanceEvent));
        Inner.ServerMaintenanceEvent += Raise.Event<EventHandler<ServerMaintenanceEvent>>(Inner, notice);
        Last.Should().Match<RedisConnectionEvent>(e => e.Kind == RedisConnectionEventKind.Maintenance && e.Reason == nameof(AzureMaintenanceEvent));

        _setting.Clock.Advance(TimeSpan.FromSeconds(1));
        Inner.ConfigurationChangedBroadcast += Raise.EventWith(Inner, new EndPointEventArgs(Inner, Server));
        Last.Should().Match<RedisConnectionEvent>(e => e.Kind == RedisConnectionEventKind.EndPointsChanged && e.EndPoint == "redis.internal:6379");
    }

    [Fact]
    public void A_change_of_configuration_is_an_event_only_when_servers_or_roles_changed()
    {
        var added = Substitute.For<IServer>();
        added.IsConnected.Returns(true);
        Inner.GetServer(Server, Arg.Any<object?>()).Returns(added);
        Inner.ConfigurationChanged += Raise.EventWith(Inner, new EndPointEventArgs(Inner, Server));
        Status.Events.Should().BeEmpty("nothing changed");

        Inner.GetEndPoints(Arg.Any<bool>()).Returns([Server]);
        Inner.ConfigurationChanged += Raise.EventWith(Inner, new EndPointEventArgs(Inner, Server));
        Last.Reason.Should().Be("redis.internal:6379 added");

        Step();
        added.IsReplica.Returns(true);
        Inner.ConfigurationChanged += Raise.EventWith(Inner, new EndPointEventArgs(Inner, Server));
        Last.Reason.Should().Be("redis.internal:6379 is now a replica");

        Step();
        added.IsConnected.Returns(false);
        added.IsReplica.Returns(false);
        Inner.ConfigurationChanged += Raise.EventWith(Inner, new EndPointEventArgs(Inner, Server));
        Status.Events.Should().HaveCount(2, "the role of a server that is away is not known");

        Inner.GetEndPoints(Arg.Any<bool>()).Returns([]);
        Inner.ConfigurationChanged += Raise.EventWith(Inner, new EndPointEventArgs(Inner, Server));
        Last.Reason.Should().Be("redis.internal:6379 removed");
    }

    [Fact]
    public void Ten_thousand_hash_slots_that_move_are_counted_and_ten_are_events()
    {
        for (var slot = 0; slot < 10_000; slot++)
        {
            Inner.HashSlotMoved += Raise.EventWith(Inner, new HashSlotMovedEventArgs(Inner, slot, null!, Server));
        }

        Status.MovedHashSlots.Should().Be(10_000);
        Status.Events.Should().HaveCount(10);
    }

    [Fact]
    public void Shows_the_sockets_by_server_and_kind()
    {
        var server = Substitute.For<IServer>();
        server.EndPoint.Returns(Server);
        server.IsConnected.Returns(true);
        server.GetCounters().Returns(new ServerCounters(Server));
        Inner.GetServers().Returns([server]);
        Status.Sockets.Should().BeEmpty("none was ever opened");

        Inner.GetServers().Throws(new ObjectDisposedException("multiplexer"));

        Status.Sockets.Should().BeEmpty("the client cannot say");
        _setting.Monitor.Redis.Errors.Count.Should().Be(1);
    }

    [Fact]
    public void A_client_that_throws_in_a_handler_is_not_thrown_back_at()
    {
        // Watched alone: beside a decorator's routes, which learn of the change on a thread of the pool and fail there too.
        var client = Substitute.For<IConnectionMultiplexer>();
        using var watch = new ConnectionWatch(client, _setting.Monitor.Redis);
        client.GetEndPoints(Arg.Any<bool>()).Throws(new ObjectDisposedException("multiplexer"));

        client.ConfigurationChanged += Raise.EventWith(client, new EndPointEventArgs(client, Server));

        _setting.Monitor.Redis.Errors.Count.Should().Be(1);
    }

    [Fact]
    public void A_multiplexer_that_is_disposed_already_can_be_watched()
    {
        var disposed = Substitute.For<IConnectionMultiplexer>();
        disposed.GetEndPoints(Arg.Any<bool>()).Throws(new ObjectDisposedException("multiplexer"));
        disposed.GetServers().Throws(new ObjectDisposedException("multiplexer"));

        using var watch = new ConnectionWatch(disposed, _setting.Monitor.Redis);

        watch.ReadSockets().Should().BeEmpty();
        _setting.Monitor.Redis.Errors.Count.Should().Be(2);
    }

    [Fact]
    public void Disposed_it_listens_to_nothing_any_more()
    {
        var subscribed = EventCalls("add_");
        subscribed.Should().NotBeEmpty();

        _setting.Monitored.Dispose();
        _setting.Monitored.Dispose();

        EventCalls("remove_").Should().Contain(subscribed);
        _setting.Summary.Connections.Should().BeEmpty();
    }

    private List<(string Event, object? Handler)> EventCalls(string prefix) =>
    [
        .. Inner.ReceivedCalls().Where(call => call.GetMethodInfo().Name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(call => (call.GetMethodInfo().Name[prefix.Length..], call.GetArguments()[0])),
    ];

    private ConnectionFailedEventArgs Failure(ConnectionFailureType type) =>
        new(Inner, Server, ConnectionType.Interactive, type, new IOException(), "physical");

    private void Step() => _setting.Clock.Advance(TimeSpan.FromSeconds(1));
}
