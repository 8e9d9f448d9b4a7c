using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Redis;
using Monitoring.Requests;
using Monitoring.Telemetry;
using Monitoring.Webhooks;

namespace Monitoring.Benchmarks;

/// <summary>
/// What the history costs once a second with some 400 series (budget: 5 ms), and what its readers cost: a chart of five minutes, the
/// lanes and changes of the overview, and the map of an hour of Redis.
/// </summary>
[MemoryDiagnoser]
public class HistoryBenchmarks
{
    private const int Commands = 100;
    private const int Endpoints = 90;

    private readonly InternalErrors _errors = new(NullLogger.Instance, TimeProvider.System);
    private readonly SteppingClock _clock = new();
    private PerformanceMonitor _monitor = null!;
    private HistoryReadings _readings = null!;
    private List<MetricReading> _values = null!;

    [GlobalSetup]
    public void Setup()
    {
        _monitor = PerformanceMonitor.Create(timeProvider: _clock);
        _readings = new HistoryReadings(_monitor, _monitor.Clock, _errors);
        for (var second = 0; second < 400; second++)
        {
            WorkAndTurn();
        }

        _monitor.Alerts.Evaluate();
        _values = [.. _monitor.History.GetLatest().Select(static value => new MetricReading(value.Metric, value.Value, value.Instance))];
        Console.WriteLine($"// {_values.Count} series");
    }

    [GlobalCleanup]
    public void Cleanup() => _monitor.Dispose();

    /// <summary>A second of a service in which every series has something to say: what <see cref="Work"/> costs is none of the turn's.</summary>
    [Benchmark]
    public void WorkAndTurn()
    {
        Work();
        _clock.Step();
        _readings.Record();
    }

    /// <summary>The second without the turn: what is recorded, and slices that are closed.</summary>
    [Benchmark(Baseline = true)]
    public void WorkAlone()
    {
        Work();
        _clock.Step();
        _monitor.Clock.Tick();
    }

    /// <summary>Only keeps it.</summary>
    [Benchmark]
    public void Keep()
    {
        _clock.Step();
        _monitor.History.Record(_values);
    }

    [Benchmark]
    public object ReadFiveMinutesOfOneSeries() => _monitor.History.Read([Monitoring.History.HistoryMetrics.RedisLatency], _clock.GetUtcNow() - TimeSpan.FromMinutes(5), _clock.GetUtcNow(), 300);

    [Benchmark]
    public object Lanes() => ((IPerformanceMonitor)_monitor).GetLanes();

    [Benchmark]
    public object Changes() => ((IPerformanceMonitor)_monitor).GetRecentChanges();

    [Benchmark]
    public object LatencyMapOfAnHour() => _monitor.Redis.GetLatencyMap(TimeSpan.FromHours(1));

    private void Work()
    {
        for (var i = 0; i < Commands; i++)
        {
            _monitor.Redis.Record(new RedisOperationMetric($"COMMAND{i}", TimeSpan.FromMicroseconds(100 + (i * 7)), default));
        }

        for (var i = 0; i < Endpoints; i++)
        {
            _monitor.Requests.Record(new RequestMetric($"/orders/{i}", TimeSpan.FromMilliseconds(i)) { Method = "GET", StatusCode = 200 });
            _monitor.Webhooks.Record(new WebhookTimingBreakdown { Endpoint = $"endpoint{i}", Total = TimeSpan.FromMilliseconds(i) });
        }
    }

    /// <summary>A clock that moves on by a second when it is told to, and fires no timers: what the loop does is done here.</summary>
    private sealed class SteppingClock : TimeProvider
    {
        private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Step() => _ticks += TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public override DateTimeOffset GetUtcNow() => Start + TimeSpan.FromTicks(_ticks);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new NoTimer();

        private sealed class NoTimer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
