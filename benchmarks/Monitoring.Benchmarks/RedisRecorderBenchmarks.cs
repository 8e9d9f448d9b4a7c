using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.CircuitBreakers;
using Monitoring.Latency;
using Monitoring.Redis;
using Monitoring.Telemetry;

namespace Monitoring.Benchmarks;

/// <summary>
/// What recording a Redis command costs over the bare call, two timestamps of which are most, and what a summary over an
/// hour of 50 commands costs. Run with --filter *RedisRecorder*.
/// </summary>
[MemoryDiagnoser]
public class RedisRecorderBenchmarks
{
    private const int Commands = 50;
    private const int Seconds = 3600;

    private readonly RedisMonitor _redis = NewMonitor(new SliceClock(TimeProvider.System));
    private readonly RedisOperationRecorder _get;
    private readonly RedisMonitor _busy = NewBusyMonitor();
    private readonly List<MetricReading> _readings = [];

    public RedisRecorderBenchmarks() => _get = _redis.GetOperation("GET");

    [Benchmark(Baseline = true, Description = "two timestamps")]
    public long TwoTimestamps()
    {
        var start = Stopwatch.GetTimestamp();
        return Stopwatch.GetTimestamp() - start;
    }

    [Benchmark(Description = "Succeeded, with its two timestamps")]
    public void Succeeded() => _get.Succeeded(Stopwatch.GetTimestamp());

    [Benchmark(Description = "Failed, with its two timestamps")]
    public void Failed() => _get.Failed(Stopwatch.GetTimestamp(), RedisFailureKind.Timeout, "RedisTimeoutException");

    [Benchmark(Description = "Sent")]
    public void Sent() => _get.Sent();

    [Benchmark(Description = "GetSummary, an hour of 50 commands")]
    public RedisOperationSummary Summary() => _busy.GetSummary();

    [Benchmark(Description = "Collect over 10 s, 50 commands")]
    public int Collect()
    {
        _readings.Clear();
        _busy.Collect(_readings, TimeSpan.FromSeconds(10));
        return _readings.Count;
    }

    private static RedisMonitor NewMonitor(SliceClock clock)
    {
        var errors = new InternalErrors(NullLogger.Instance, clock.TimeProvider);
        var circuits = new CircuitBreakerRegistry(clock.TimeProvider, new CircuitBreakerOptions(), NullLogger.Instance, errors);
        return new RedisMonitor(clock, new RedisMonitoringOptions(), circuits, errors);
    }

    private static RedisMonitor NewBusyMonitor()
    {
        var clock = new SecondsClock();
        var slices = new SliceClock(clock);
        var redis = NewMonitor(slices);
        var random = new Random(1);
        for (var second = 0; second < Seconds; second++)
        {
            for (var command = 0; command < Commands; command++)
            {
                redis.Record(new RedisOperationMetric($"CMD{command}", TimeSpan.FromMicroseconds(100 + (400 * random.NextDouble()))));
            }

            clock.Seconds++;
            slices.Tick();
        }

        return redis;
    }

    /// <summary>Moves by whole seconds, when told to, and has no timers.</summary>
    private sealed class SecondsClock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddSeconds(Seconds);

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
