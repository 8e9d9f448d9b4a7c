using Monitoring.Redis.Decorators;
using Monitoring.Redis.Tests.Decorators;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using StackExchange.Redis;

namespace Monitoring.Redis.Tests.Diagnostics;

public sealed class CompiledTimeoutRecordingTests() : TimeoutRecordingTests(DecoratorChoice.Automatic);

public sealed class DynamicTimeoutRecordingTests() : TimeoutRecordingTests(DecoratorChoice.Dynamic);

/// <summary>Which failures of a monitored multiplexer get an autopsy, whichever decorator it is.</summary>
public abstract class TimeoutRecordingTests : IDisposable
{
    private readonly Setting _setting;

    private protected TimeoutRecordingTests(DecoratorChoice choice) => _setting = new Setting(choice, withCircuit: false);

    private IReadOnlyList<RedisTimeoutDiagnosis> Timeouts => _setting.Summary.Timeouts;

    public void Dispose() => _setting.Dispose();

    [Fact]
    public async Task A_timeout_is_diagnosed_and_reaches_the_caller_untouched()
    {
        var timeout = ClientFigures.Timeout("qu: 0, qs: 3, in: 0, cur-in: 0");
        _setting.Database.StringGetAsync("key").Returns(Task.FromException<RedisValue>(timeout));
        _setting.Database.HashGet("key", "field").Throws(timeout);

        (await _setting.Db.Awaiting(d => d.StringGetAsync("key")).Should().ThrowAsync<RedisTimeoutException>()).Which.Should().BeSameAs(timeout);
        _setting.Db.Invoking(d => d.HashGet("key", "field")).Should().Throw<RedisTimeoutException>().Which.Should().BeSameAs(timeout);

        Timeouts.Select(t => (t.Operation, t.Cause)).Should().Equal(("HGET", RedisTimeoutCause.ServerBusy), ("GET", RedisTimeoutCause.ServerBusy));
        Timeouts[0].At.Should().Be(_setting.Clock.GetUtcNow());
    }

    [Fact]
    public void A_timeout_that_the_client_calls_a_failed_connection_is_diagnosed_too()
    {
        var timeout = ClientFigures.With(
            new RedisConnectionException(ConnectionFailureType.SocketClosed, "The message timed out in the backlog"), "qu: 0, qs: 0, conn-sec: n/a");
        timeout.Data["Redis-Timeout"] = "1000";
        _setting.Database.StringGet("key").Throws(timeout);

        _setting.Db.Invoking(d => d.StringGet("key")).Should().Throw<RedisConnectionException>();

        Timeouts.Should().ContainSingle().Which.Cause.Should().Be(RedisTimeoutCause.ConnectionLoss);
    }

    [Fact]
    public void Other_failures_are_not()
    {
        _setting.Database.StringGet("key").Throws(new RedisConnectionException(ConnectionFailureType.SocketClosed, "closed"));
        _setting.Database.StringGet("text").Throws(new RedisServerException("WRONGTYPE"));

        _setting.Db.Invoking(d => d.StringGet("key")).Should().Throw<RedisConnectionException>();
        _setting.Db.Invoking(d => d.StringGet("text")).Should().Throw<RedisServerException>();

        Timeouts.Should().BeEmpty();
        _setting.Summary.UndiagnosedTimeouts.Should().Be(0);
    }

    [Fact]
    public void A_storm_of_timeouts_is_diagnosed_in_part_and_counted_in_full()
    {
        _setting.Database.StringGet("key").Throws(ClientFigures.Timeout("qs: 3"));

        for (var i = 0; i < 1000; i++)
        {
            _setting.Db.Invoking(d => d.StringGet("key")).Should().Throw<RedisTimeoutException>();
        }

        Timeouts.Should().HaveCount(50, "that many are kept");
        _setting.Summary.UndiagnosedTimeouts.Should().Be(900, "100 a second are diagnosed, and the clock stands still");
        _setting.Operation("GET").FailuresByKind.Timeout.Should().Be(1000);
    }
}
