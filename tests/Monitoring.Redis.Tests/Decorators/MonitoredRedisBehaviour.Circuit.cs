using Monitoring.CircuitBreakers;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using StackExchange.Redis;

namespace Monitoring.Redis.Tests.Decorators;

public abstract partial class MonitoredRedisBehaviour
{
    [Fact]
    public void An_open_circuit_throws_a_RedisException_that_says_when_to_retry()
    {
        _setting.Database.StringGet("key").Throws(new RedisTimeoutException("too late", CommandStatus.Sent));
        for (var i = 0; i < 4; i++)
        {
            _setting.Invoking(s => s.Db.StringGet("key")).Should().Throw<Exception>();
        }

        _setting.Circuit.IsClosed.Should().BeFalse();
        var refusal = _setting.Invoking(s => s.Db.StringGet("key")).Should().Throw<RedisCircuitOpenException>().Which;

        refusal.Should().BeAssignableTo<RedisException>();
        refusal.Circuit.Should().Be("test");
        refusal.RetryAfter.Should().BePositive();
        _setting.Operation("GET").FailuresByKind.Rejected.Should().BePositive();
    }

    [Fact]
    public async Task An_open_circuit_faults_the_task_and_does_not_throw()
    {
        _setting.OpenCircuit();
        var state = new object();

        var value = _setting.Monitored.GetDatabase(0, state).StringGetAsync("key");
        var nothing = _setting.Db.ListTrimAsync("key", 0, 1);

        value.AsyncState.Should().BeSameAs(state);
        await value.Invoking(t => t).Should().ThrowAsync<RedisCircuitOpenException>();
        await nothing.Invoking(t => t).Should().ThrowAsync<RedisCircuitOpenException>();
        await _setting.Database.DidNotReceiveWithAnyArgs().StringGetAsync(default(RedisKey));
        _setting.Operation("GET").FailuresByKind.Rejected.Should().Be(1);
    }

    [Theory]
    [InlineData("WRONGTYPE Operation against a key", true)]
    [InlineData("NOSCRIPT No matching script", true)]
    [InlineData("ERR syntax error", true)]
    [InlineData("LOADING Redis is loading the dataset in memory", false)]
    [InlineData("READONLY You can't write against a read only replica", false)]
    [InlineData("OOM command not allowed", false)]
    [InlineData("CLUSTERDOWN The cluster is down", false)]
    [InlineData("MASTERDOWN Link with MASTER is down", false)]
    public void Only_errors_that_speak_against_the_server_open_the_circuit(string message, bool staysClosed)
    {
        _setting.Database.StringGet("key").Throws(new RedisServerException(message));
        for (var i = 0; i < 20; i++)
        {
            _setting.Invoking(s => s.Db.StringGet("key")).Should().Throw<Exception>();
        }

        _setting.Circuit.IsClosed.Should().Be(staysClosed);
    }

    [Fact]
    public async Task Closes_again_when_a_call_let_through_as_the_probe_succeeds()
    {
        var failing = true;
        _setting.Database.StringGetAsync("key").Returns(_ => failing
            ? Task.FromException<RedisValue>(new RedisConnectionException(ConnectionFailureType.SocketFailure, "gone"))
            : Task.FromResult((RedisValue)"value"));

        // Opened between two turns of the monitor's loop: when the break is over, no turn has probed yet and the call is first.
        _setting.Clock.Advance(TimeSpan.FromSeconds(0.5));
        for (var i = 0; i < 4; i++)
        {
            await _setting.Invoking(s => s.Db.StringGetAsync("key")).Should().ThrowAsync<RedisException>();
        }

        failing = false;
        _setting.Circuit.State.Should().Be(CircuitState.Open);
        _setting.Clock.Advance(TimeSpan.FromSeconds(5.2));

        (await _setting.Db.StringGetAsync("key")).Should().Be("value");
        _setting.Circuit.IsClosed.Should().BeTrue();
    }

    [Fact]
    public async Task Probes_the_inner_multiplexer_with_PING_and_counts_no_operation()
    {
        _setting.Database.PingAsync().Returns(Task.FromResult(TimeSpan.FromMilliseconds(1)));
        _setting.Database.StringGet("key").Throws(new RedisTimeoutException("too late", CommandStatus.Sent));
        for (var i = 0; i < 4; i++)
        {
            _setting.Invoking(s => s.Db.StringGet("key")).Should().Throw<Exception>();
        }

        // The probe runs on the pool, the clock here: slowly, so that the clock does not overtake a probe on a busy machine.
        for (var i = 0; i < 1000 && !_setting.Circuit.IsClosed; i++)
        {
            _setting.Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(20);
        }

        _setting.Circuit.IsClosed.Should().BeTrue();
        _setting.Summary.OperationsByType.Should().NotContainKey("PING");
    }

    [Fact]
    public void A_connection_may_do_without_a_circuit()
    {
        var inner = Substitute.For<IConnectionMultiplexer>();
        var database = Substitute.For<IDatabase>();
        inner.GetDatabase().Returns(database);
        database.StringGet("key").Throws(new RedisTimeoutException("too late", CommandStatus.Sent));

        var monitored = inner.WithMonitoring(_setting.Monitor, new RedisConnectionOptions { Name = "plain", UseCircuitBreaker = false });
        for (var i = 0; i < 20; i++)
        {
            monitored.Invoking(m => m.GetDatabase().StringGet("key")).Should().Throw<RedisTimeoutException>();
        }

        _setting.Monitor.CircuitBreakers.Find("plain").Should().BeNull();
    }
}
