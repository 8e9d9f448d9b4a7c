using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Monitoring.Latency;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Monitoring.Benchmarks;

/// <summary>
/// What recording one latency costs, beside OpenTelemetry's histogram with two tags (budget: half of it, 0 B).
/// </summary>
[MemoryDiagnoser]
public class LatencyRecordBenchmarks
{
    private const int Operations = 4_096;

    private readonly long[] _latencies = [.. Enumerable.Range(0, Operations).Select(i => 50_000L + ((i * 7_919L) % 900_000))];
    private readonly Meter _meter = new("benchmark");
    private SliceClock _clock = null!;
    private LatencyRecorder _recorder = null!;
    private WindowedCounter _counter = null!;
    private RecentList<long> _recent = null!;
    private System.Diagnostics.Metrics.Histogram<double> _histogram = null!;
    private MeterProvider _provider = null!;

    [GlobalSetup]
    public void Setup()
    {
        _clock = new SliceClock(TimeProvider.System);
        _recorder = new LatencyRecorder(_clock);
        _counter = new WindowedCounter(_clock);
        _recent = new RecentList<long>(100);
        _histogram = _meter.CreateHistogram<double>("latency", "ms");
        _provider = Sdk.CreateMeterProviderBuilder().AddMeter(_meter.Name).AddReader(new BaseExportingMetricReader(new NoExporter())).Build();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _provider.Dispose();
        _clock.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Operations)]
    public void OpenTelemetryHistogramWithTwoTags()
    {
        foreach (var latency in _latencies)
        {
            _histogram.Record(latency / 1e6, new KeyValuePair<string, object?>("operation", "GET"), new KeyValuePair<string, object?>("server", "primary"));
        }
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public void LatencyRecorder()
    {
        foreach (var latency in _latencies)
        {
            _recorder.RecordTicks(latency);
        }
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public void WindowedCounter()
    {
        foreach (var _ in _latencies)
        {
            _counter.Add();
        }
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public void RecentList()
    {
        foreach (var latency in _latencies)
        {
            _recent.Add(latency);
        }
    }

    // Without a reader the histogram would not aggregate at all.
    private sealed class NoExporter : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch) => ExportResult.Success;
    }
}

/// <summary>What two threads that record into one recorder cost each other (budget: 1.5 times one thread alone).</summary>
public class LatencyContentionBenchmarks
{
    private const int Records = 2_000_000;

    private SliceClock _clock = null!;
    private LatencyRecorder _recorder = null!;

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _clock = new SliceClock(TimeProvider.System);
        _recorder = new LatencyRecorder(_clock);
    }

    [GlobalCleanup]
    public void Cleanup() => _clock.Dispose();

    /// <summary>Time for each thread's records, per record.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public void RecordOnEachThread()
    {
        var threads = new Thread[Threads];
        for (var i = 0; i < threads.Length; i++)
        {
            threads[i] = new Thread(RecordAll);
            threads[i].Start();
        }

        foreach (var thread in threads)
        {
            thread.Join();
        }
    }

    private void RecordAll()
    {
        for (var i = 0; i < Records; i++)
        {
            _recorder.RecordTicks(50_000 + (i & 0xFFFFF));
        }
    }
}

/// <summary>What reading costs (budgets: an hour of 50 operations 0.5 ms; a minute of 500 series 5 ms).</summary>
[MemoryDiagnoser]
public class LatencySnapshotBenchmarks
{
    private const int Series = 500;
    private const int OperationsOfASummary = 50;

    private readonly SteppedTime _time = new();
    private SliceClock _clock = null!;
    private LatencyRecorder[] _recorders = null!;

    [GlobalSetup]
    public void Setup()
    {
        _clock = new SliceClock(_time);
        _recorders = [.. Enumerable.Range(0, Series).Select(_ => new LatencyRecorder(_clock))];
        var random = new Random(1);
        for (var second = 0; second < 3_700; second++)
        {
            _time.Ticks += TimeSpan.TicksPerSecond;
            _clock.Tick();
            foreach (var recorder in _recorders)
            {
                for (var i = 0; i < 20; i++)
                {
                    recorder.Record(TimeSpan.FromMicroseconds(200 * Math.Exp(random.NextDouble() * 5)));
                }
            }
        }
    }

    [GlobalCleanup]
    public void Cleanup() => _clock.Dispose();

    [Benchmark]
    public long SummaryOfAnHourOf50Operations() => ReadP95(_recorders.AsSpan(0, OperationsOfASummary), TimeSpan.FromHours(1));

    [Benchmark]
    public long EvaluationOfAMinuteOf500Series() => ReadP95(_recorders, TimeSpan.FromMinutes(1));

    [Benchmark]
    public long EvaluationOfTenSecondsOf500Series() => ReadP95(_recorders, TimeSpan.FromSeconds(10));

    private static long ReadP95(ReadOnlySpan<LatencyRecorder> recorders, TimeSpan window)
    {
        var sum = 0L;
        foreach (var recorder in recorders)
        {
            var snapshot = recorder.GetSnapshot(window);
            sum += snapshot.P50.Ticks + snapshot.P95.Ticks + snapshot.P99.Ticks;
        }

        return sum;
    }

    private sealed class SteppedTime : TimeProvider
    {
        public long Ticks { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
