using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.CircuitBreakers;
using Monitoring.Latency;
using Monitoring.Redis;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Redis;

public sealed class RedisTimeoutsTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeClock _clock = new();
    private readonly RedisMonitor _redis;

    public RedisTimeoutsTests()
    {
        var errors = new InternalErrors(NullLogger.Instance, _clock);
        var circuits = new CircuitBreakerRegistry(_clock, new CircuitBreakerOptions(), NullLogger.Instance, errors);
        _redis = new RedisMonitor(new SliceClock(_clock), new RedisMonitoringOptions { TimeoutCapacity = 10 }, circuits, errors);
    }

    [Fact]
    public void Shows_the_last_timeouts_newest_first()
    {
        for (var i = 0; i < 12; i++)
        {
            Add("GET", RedisTimeoutCause.ServerBusy, $"{i}");
        }

        _redis.GetSummary().Timeouts.Select(t => t.Explanation).Should().Equal("11", "10", "9", "8", "7", "6", "5", "4", "3", "2");
    }

    [Fact]
    public void Diagnoses_a_hundred_a_second_and_counts_the_others()
    {
        Enumerable.Range(0, 150).Count(_ => _redis.AdmitsTimeout()).Should().Be(100);
        _redis.GetSummary().UndiagnosedTimeouts.Should().Be(50);

        _clock.Advance(TimeSpan.FromSeconds(1));

        Enumerable.Range(0, 150).Count(_ => _redis.AdmitsTimeout()).Should().Be(100);
        _redis.GetSummary().UndiagnosedTimeouts.Should().Be(100);
    }

    [Fact]
    public async Task Admits_exactly_a_hundred_when_threads_ask_together()
    {
        var askers = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () => Enumerable.Range(0, 1000).Count(_ => _redis.AdmitsTimeout()), TaskCreationOptions.LongRunning)).ToArray();

        (await Task.WhenAll(askers)).Sum().Should().Be(100);
        _redis.GetSummary().UndiagnosedTimeouts.Should().Be(3900);
    }

    [Fact]
    public void Alerts_name_the_most_frequent_cause_of_their_window_and_explain_it_with_its_newest_timeout()
    {
        Operate("GET");
        Add("GET", RedisTimeoutCause.ServerBusy, "first");
        Add("GET", RedisTimeoutCause.ServerBusy, "second");
        Add("GET", RedisTimeoutCause.Unknown, "odd");

        Context(MetricNames.RedisOperationLatency).Should().Contain("timeoutCause", "ServerBusy").And.Contain("timeoutExplanation", "second");
        Context(MetricNames.RedisFailureRate).Should().Contain("timeoutCause", "ServerBusy").And.Contain("timeoutExplanation", "second");
    }

    [Fact]
    public void An_operations_alert_prefers_its_own_timeouts()
    {
        Operate("GET");
        Add("GET", RedisTimeoutCause.HeadOfLineBlocking, "own");
        Add("SET", RedisTimeoutCause.ServerBusy, "other");
        Add("SET", RedisTimeoutCause.ServerBusy, "other");

        Context(MetricNames.RedisOperationLatency).Should().Contain("timeoutCause", "HeadOfLineBlocking");
        Context(MetricNames.RedisFailureRate).Should().Contain("timeoutCause", "ServerBusy");
    }

    [Fact]
    public void Timeouts_before_the_window_explain_nothing()
    {
        Add("GET", RedisTimeoutCause.ServerBusy, "long ago");
        _clock.Advance(Minute + TimeSpan.FromSeconds(1));
        Operate("GET");

        Context(MetricNames.RedisOperationLatency).Should().NotContainKey("timeoutCause");
        Context(MetricNames.RedisFailureRate).Should().NotContainKey("timeoutCause");
    }

    private void Operate(string operation) => _redis.Record(new RedisOperationMetric(operation, TimeSpan.FromMilliseconds(1)));

    private void Add(string operation, RedisTimeoutCause cause, string explanation) =>
        _redis.AddTimeout(new RedisTimeoutDiagnosis { At = _clock.GetUtcNow(), Operation = operation, Cause = cause, Explanation = explanation });

    private IReadOnlyDictionary<string, string> Context(string metric)
    {
        var readings = new List<MetricReading>();
        _redis.Collect(readings, Minute);
        return readings.Single(reading => reading.Metric == metric).Context!();
    }
}
