using Monitoring.Redis.Diagnostics;
using Monitoring.TestSupport;

namespace Monitoring.Redis.Tests.Diagnostics;

public sealed class ConnectionLogTests
{
    private const string Server = "localhost:6379";
    private const string Interactive = "Interactive";

    private readonly FakeClock _clock = new();
    private readonly ConnectionLog _log;

    public ConnectionLogTests() => _log = new ConnectionLog(_clock);

    [Fact]
    public void Five_failures_within_thirty_seconds_are_a_storm_and_one_event()
    {
        Fail(4);
        _log.IsReconnectStorm.Should().BeFalse();

        Fail(20);

        _log.IsReconnectStorm.Should().BeTrue();
        _log.Events.Where(e => e.Kind == RedisConnectionEventKind.ReconnectStorm).Should().ContainSingle()
            .Which.Should().Match<RedisConnectionEvent>(e => e.EndPoint == Server && e.Reason == "5 failures within 30 s");
        _log.Failures.Should().Be(24);
    }

    [Fact]
    public void Five_failures_over_a_longer_time_are_none()
    {
        for (var i = 0; i < 50; i++)
        {
            Fail(1);
            _clock.Advance(TimeSpan.FromSeconds(8));
            _log.IsReconnectStorm.Should().BeFalse();
        }
    }

    [Fact]
    public void Failures_of_different_servers_are_none()
    {
        for (var i = 0; i < 20; i++)
        {
            _log.Failed($"redis{i % 5}:6379", Interactive, "SocketClosed");
        }

        _log.IsReconnectStorm.Should().BeFalse("each failed four times");
    }

    [Fact]
    public void A_storm_is_over_when_its_failures_are_thirty_seconds_old_and_the_next_is_another_event()
    {
        Fail(5);
        _clock.Advance(TimeSpan.FromSeconds(30));
        _log.IsReconnectStorm.Should().BeTrue();
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        _log.IsReconnectStorm.Should().BeFalse();

        Fail(5);

        _log.IsReconnectStorm.Should().BeTrue();
        _log.Events.Count(e => e.Kind == RedisConnectionEventKind.ReconnectStorm).Should().Be(2);
    }

    [Fact]
    public void Keeps_the_state_of_each_kind_of_connection()
    {
        _log.IsConnected(Server, Interactive).Should().BeNull("no event told");

        Fail(1);
        _log.Restored(Server, "Subscription");

        _log.IsConnected(Server, Interactive).Should().BeFalse();
        _log.IsConnected(Server, "Subscription").Should().BeTrue();
        _log.IsConnected("elsewhere:6379", Interactive).Should().BeNull();
    }

    [Fact]
    public void Keeps_a_hundred_events_newest_first_whatever_comes()
    {
        for (var i = 0; i < 1000; i++)
        {
            _log.Restored(Server, Interactive);
            _log.Add(RedisConnectionEventKind.Error, Server, null, "ERR");
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        _log.Events.Should().HaveCount(100).And.BeInDescendingOrder(e => e.At);
        _log.Restores.Should().Be(1000);
    }

    [Fact]
    public void Errors_do_not_push_out_what_happened_to_the_connections()
    {
        Fail(1);
        for (var i = 0; i < 1000; i++)
        {
            _log.Add(RedisConnectionEventKind.Error, Server, null, "OOM");
        }

        _log.Events.Should().Contain(e => e.Kind == RedisConnectionEventKind.Failed);
    }

    [Fact]
    public void Long_reasons_are_cut()
    {
        _log.Add(RedisConnectionEventKind.Maintenance, null, null, new string('m', 10_000));

        _log.Events.Single().Reason.Should().HaveLength(256);
    }

    [Fact]
    public async Task Counts_every_failure_when_threads_report_them_together()
    {
        var reporters = Enumerable.Range(0, 4).Select(thread => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < 10_000; i++)
                {
                    _log.Failed($"server{i % 500}:1", Interactive, "SocketClosed");
                    _log.Restored($"server{i % 500}:1", Interactive);
                }
            },
            TaskCreationOptions.LongRunning)).ToArray();

        await Task.WhenAll(reporters);

        (_log.Failures, _log.Restores).Should().Be((40_000, 40_000));
        _log.Events.Count.Should().BeLessThanOrEqualTo(100);
    }

    private void Fail(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _log.Failed(Server, Interactive, "SocketClosed");
        }
    }
}
