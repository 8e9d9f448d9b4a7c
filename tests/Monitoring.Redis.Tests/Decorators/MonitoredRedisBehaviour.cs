using System.Net;
using Monitoring.CircuitBreakers;
using Monitoring.Redis.Decorators;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using StackExchange.Redis;
using StackExchange.Redis.KeyspaceIsolation;

namespace Monitoring.Redis.Tests.Decorators;

public sealed class CompiledDecoratorTests() : MonitoredRedisBehaviour(DecoratorChoice.Automatic);

public sealed class DynamicDecoratorTests() : MonitoredRedisBehaviour(DecoratorChoice.Dynamic);

/// <summary>What a monitored multiplexer does, whichever decorator it is.</summary>
public abstract partial class MonitoredRedisBehaviour : IDisposable
{
    private readonly Setting _setting;

    private protected MonitoredRedisBehaviour(DecoratorChoice choice) => _setting = new Setting(choice);

    public void Dispose() => _setting.Dispose();

    [Fact]
    public async Task Records_a_command_under_its_Redis_name()
    {
        _setting.Database.StringGetAsync("key").Returns("value");

        (await _setting.Db.StringGetAsync("key")).Should().Be("value");
        _setting.Db.StringGet([(RedisKey)"a", "b"]);
        _setting.Db.SetCombine(SetOperation.Intersect, "a", "b");
        _setting.Db.SortedSetRangeByRank("z", order: Order.Descending);
        _setting.Db.Execute("json.get", "key");

        _setting.Summary.OperationsByType.Keys.Should().BeEquivalentTo("GET", "MGET", "SINTER", "ZREVRANGE", "JSON.GET");
    }

    [Fact]
    public void Rethrows_the_very_same_exception()
    {
        var thrown = new RedisTimeoutException("too late", CommandStatus.Sent);
        _setting.Database.StringGet("key").Throws(thrown);

        _setting.Invoking(s => s.Db.StringGet("key")).Should().Throw<RedisTimeoutException>().Which.Should().BeSameAs(thrown);
        _setting.Operation("GET").FailuresByKind.Timeout.Should().Be(1);
    }

    [Fact]
    public async Task Faults_a_pending_task_with_the_very_same_exception()
    {
        var inner = new TaskCompletionSource<RedisValue>();
        _setting.Database.StringGetAsync("key").Returns(inner.Task);
        var thrown = new RedisConnectionException(ConnectionFailureType.SocketClosed, "gone");

        var task = _setting.Db.StringGetAsync("key");
        inner.SetException(thrown);

        (await task.Invoking(t => t).Should().ThrowAsync<RedisConnectionException>()).Which.Should().BeSameAs(thrown);
        _setting.Operation("GET").FailuresByKind.Connection.Should().Be(1);
    }

    [Fact]
    public async Task Keeps_a_cancellation_a_cancellation()
    {
        var inner = new TaskCompletionSource<bool>();
        _setting.Database.KeyDeleteAsync("key").Returns(inner.Task);

        var task = _setting.Db.KeyDeleteAsync("key");
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        inner.SetCanceled(source.Token);

        (await task.Invoking(t => t).Should().ThrowAsync<TaskCanceledException>()).Which.CancellationToken.Should().Be(source.Token);
        task.IsCanceled.Should().BeTrue();
        _setting.Operation("DEL").FailuresByKind.Canceled.Should().Be(1);
    }

    [Fact]
    public async Task Counts_a_command_that_the_client_gave_up_on_as_a_lost_connection()
    {
        _setting.Database.KeyDeleteAsync("key").Returns(_ => Task.FromException<bool>(new TaskCanceledException()));
        for (var i = 0; i < 4; i++)
        {
            await _setting.Db.Invoking(db => db.KeyDeleteAsync("key")).Should().ThrowAsync<Exception>();
        }

        _setting.Operation("DEL").FailuresByKind.Connection.Should().BePositive();
        _setting.Operation("DEL").FailuresByKind.Canceled.Should().Be(0);
        _setting.Circuit.IsClosed.Should().BeFalse();
    }

    [Fact]
    public void Keeps_the_error_prefix_of_the_server()
    {
        _setting.Database.StringGet("key").Throws(new RedisServerException("WRONGTYPE Operation against a key holding the wrong kind of value"));

        _setting.Invoking(s => s.Db.StringGet("key")).Should().Throw<RedisServerException>();

        _setting.Operation("GET").FailuresByKind.Server.Should().Be(1);
        _setting.Operation("GET").Errors.Should().ContainKey("WRONGTYPE");
    }

    [Fact]
    public async Task Records_an_outcome_before_the_caller_goes_on_and_on_the_same_thread()
    {
        var inner = new TaskCompletionSource<RedisValue>();
        _setting.Database.StringGetAsync("key").Returns(inner.Task);
        var seen = (Operations: 0L, Thread: 0);
        var task = _setting.Db.StringGetAsync("key");
        var continuation = task.ContinueWith(
            _ => seen = (_setting.Summary.TotalOperations, Environment.CurrentManagedThreadId),
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        // Without the test's synchronisation context, as the client completes its tasks.
        var completer = await Task.Run(() =>
        {
            inner.SetResult("value");
            return Environment.CurrentManagedThreadId;
        });

        await continuation;
        seen.Should().Be((1, completer));
    }

    [Fact]
    public void Counts_fire_and_forget_as_sent_and_never_as_latency()
    {
        _setting.Db.StringSet("key", "value", flags: CommandFlags.FireAndForget);

        _setting.Summary.Sent.Should().Be(1);
        _setting.Summary.TotalOperations.Should().Be(0);
    }

    [Fact]
    public void Fire_and_forget_passes_an_open_circuit_as_nobody_waits_for_it()
    {
        _setting.OpenCircuit();

        _setting.Db.StringSet("key", "value", flags: CommandFlags.FireAndForget);

        _setting.Database.ReceivedWithAnyArgs(1).StringSet(default(RedisKey), default, default(Expiration), default, default);
    }

    [Fact]
    public void Keeps_the_async_state_of_a_pending_task()
    {
        var state = new object();
        _setting.Database.StringGetAsync("key").Returns(new TaskCompletionSource<RedisValue>().Task);

        _setting.Monitored.GetDatabase(0, state).StringGetAsync("key").AsyncState.Should().BeSameAs(state);
        _setting.Inner.Received(1).GetDatabase(0, state);
    }

    [Fact]
    public void Keeps_the_async_state_of_queued_tasks_and_inherits_it_from_the_database()
    {
        var (mine, own) = (new object(), new object());
        var batch = Substitute.For<IBatch>();
        batch.StringGetAsync("key").Returns(new TaskCompletionSource<RedisValue>().Task);
        _setting.Database.CreateBatch(Arg.Any<object?>()).Returns(batch);
        var database = _setting.Monitored.GetDatabase(0, mine);

        database.CreateBatch().StringGetAsync("key").AsyncState.Should().BeSameAs(mine);
        database.CreateBatch(own).StringGetAsync("key").AsyncState.Should().BeSameAs(own);
    }

    [Fact]
    public void Everything_it_hands_out_leads_back_to_the_monitored_multiplexer()
    {
        _setting.Inner.GetServers().Returns([Substitute.For<IServer>()]);
        var endPoint = new DnsEndPoint("localhost", 6379);

        _setting.Db.Multiplexer.Should().BeSameAs(_setting.Monitored);
        _setting.Monitored.GetServer(endPoint).Multiplexer.Should().BeSameAs(_setting.Monitored);
        _setting.Monitored.GetServer("localhost", 6379).Multiplexer.Should().BeSameAs(_setting.Monitored);
        _setting.Monitored.GetServers()[0].Multiplexer.Should().BeSameAs(_setting.Monitored);
        _setting.Monitored.GetSubscriber().Multiplexer.Should().BeSameAs(_setting.Monitored);
        _setting.Db.CreateBatch().Multiplexer.Should().BeSameAs(_setting.Monitored);
        _setting.Db.CreateTransaction().Multiplexer.Should().BeSameAs(_setting.Monitored);
    }

    [Fact]
    public void Events_name_the_monitored_multiplexer_as_their_sender_and_keep_the_connection_type()
    {
        var seen = new List<(object? Sender, ConnectionType Type)>();
        void Handler(object? sender, ConnectionFailedEventArgs e) => seen.Add((sender, e.ConnectionType));
        var failure = new ConnectionFailedEventArgs(
            _setting.Inner, new DnsEndPoint("localhost", 6379), ConnectionType.Subscription, ConnectionFailureType.SocketClosed, null!, "physical");

        _setting.Monitored.ConnectionFailed += Handler;
        _setting.Inner.ConnectionFailed += Raise.EventWith(_setting.Inner, failure);
        _setting.Monitored.ConnectionFailed -= Handler;
        _setting.Inner.ConnectionFailed += Raise.EventWith(_setting.Inner, failure);

        seen.Should().Equal((_setting.Monitored, ConnectionType.Subscription));
        _setting.Summary.Connections.Should().ContainSingle().Which.Failures.Should().Be(2);
    }

    [Fact]
    public void Leaves_the_profiler_slot_to_the_application()
    {
        _setting.Inner.ReceivedCalls().Should().NotContain(call => call.GetMethodInfo().Name == nameof(IConnectionMultiplexer.RegisterProfiler));
        Func<StackExchange.Redis.Profiling.ProfilingSession?> profiler = static () => null;

        _setting.Monitored.RegisterProfiler(profiler);

        _setting.Inner.Received(1).RegisterProfiler(profiler);
    }

    [Fact]
    public void Gives_the_configuration_verbatim() =>
        _setting.Monitored.Configuration.Should().Be("localhost:6379,abortConnect=False");

    [Fact]
    public void Hands_out_one_object_per_database_where_the_client_does()
    {
        _setting.Monitored.GetDatabase().Should().BeSameAs(_setting.Monitored.GetDatabase());
        _setting.Monitored.GetDatabase(3).Should().BeSameAs(_setting.Monitored.GetDatabase(3));
        _setting.Monitored.GetDatabase(3, new object()).Should().NotBeSameAs(_setting.Monitored.GetDatabase(3));
    }

    [Fact]
    public void Hands_a_scan_through_as_the_clients_own_object()
    {
        var scan = Substitute.For<IEnumerable<HashEntry>, IScanningCursor>();
        _setting.Database.HashScan("hash").Returns(scan);

        _setting.Db.HashScan("hash").Should().BeSameAs(scan);
        _setting.Operation("HSCAN").Sent.Should().Be(1);
    }

    [Fact]
    public async Task Hands_a_lease_through_undisposed()
    {
        var lease = Lease<byte>.Create(4);
        _setting.Database.StringGetLeaseAsync("key").Returns(lease);

        var received = await _setting.Db.StringGetLeaseAsync("key");

        received.Should().BeSameAs(lease);
        received!.Span.Length.Should().Be(4);
    }

    [Fact]
    public void Works_under_a_key_prefix()
    {
        _setting.Database.StringGet("tenant:key").Returns((RedisValue)"value");

        _setting.Db.WithKeyPrefix("tenant:").StringGet("key").Should().Be("value");
        _setting.Operation("GET").Count.Should().Be(1);
    }

    [Fact]
    public async Task Keeps_the_order_in_which_RedisCache_calls()
    {
        // RedisCache starts one call, makes another, then blocks on the first.
        var order = new List<string>();
        var first = new TaskCompletionSource<RedisValue[]>();
        _setting.Database.HashGetAsync("key", Arg.Any<RedisValue[]>()).Returns(first.Task).AndDoes(_ => order.Add("HashGetAsync"));
        _setting.Database.HashGetLease("key", "data").Returns(Lease<byte>.Empty).AndDoes(_ => order.Add("HashGetLease"));

        var pending = _setting.Db.HashGetAsync("key", ["absexp"]);
        _setting.Db.HashGetLease("key", "data");
        first.SetResult([]);
        await pending;

        order.Should().Equal("HashGetAsync", "HashGetLease");
    }

    [Fact]
    public async Task Disposes_and_closes_the_inner_one()
    {
        _setting.Monitored.Close(allowCommandsToComplete: false);
        await _setting.Monitored.DisposeAsync();
        _setting.Monitored.Dispose();

        _setting.Inner.Received(1).Close(false);
        await _setting.Inner.Received(1).DisposeAsync();
        _setting.Inner.Received(1).Dispose();
        _setting.Summary.Connections.Should().BeEmpty();
    }

    [Fact]
    public void Wrapping_twice_gives_the_same()
    {
        _setting.Monitored.WithMonitoring(_setting.Monitor).Should().BeSameAs(_setting.Monitored);
        _setting.Inner.WithMonitoring(_setting.Monitor).Should().BeSameAs(_setting.Monitored);
    }

    [Fact]
    public async Task Passes_the_message_queue_of_a_subscription_through()
    {
        var subscriber = Substitute.For<ISubscriber>();
        _setting.Inner.GetSubscriber().Returns(subscriber);
        var channel = RedisChannel.Literal("news");

        await _setting.Monitored.GetSubscriber().SubscribeAsync(channel);

        await subscriber.Received(1).SubscribeAsync(channel);
        subscriber.ReceivedCalls().Should().HaveCount(1, "nothing of the monitor's own is subscribed");
        _setting.Operation("SUBSCRIBE").Count.Should().Be(1);
    }

    [Fact]
    public void Finds_a_servers_version_the_way_NRedisStack_does()
    {
        var endPoint = new DnsEndPoint("localhost", 6379);
        var server = Substitute.For<IServer>();
        server.Version.Returns(new Version(7, 4));
        _setting.Inner.GetEndPoints().Returns([endPoint]);
        _setting.Inner.GetServer(endPoint).Returns(server);

        var multiplexer = _setting.Db.Multiplexer;
        multiplexer.GetServer(multiplexer.GetEndPoints()[0]).Version.Should().Be(new Version(7, 4));
    }
}
