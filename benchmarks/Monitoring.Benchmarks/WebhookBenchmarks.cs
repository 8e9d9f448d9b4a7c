using BenchmarkDotNet.Attributes;
using Monitoring.Latency;
using Monitoring.Webhooks;

namespace Monitoring.Benchmarks;

/// <summary>What timing one webhook of six phases costs its handler (budget: a few microseconds).</summary>
[MemoryDiagnoser]
public class WebhookBenchmarks
{
    private static readonly WebhookPhase[] Phases =
    [
        WebhookPhase.Validation, WebhookPhase.SignatureValidation, WebhookPhase.CacheLookup,
        WebhookPhase.RedisOperation, WebhookPhase.TaskQueuing, WebhookPhase.ResponsePreparation,
    ];

    private readonly SliceClock _clock = new(TimeProvider.System);
    private readonly WebhookTimingBreakdown _breakdown = new()
    {
        Endpoint = "github",
        Total = TimeSpan.FromMilliseconds(12),
        Phases = [.. Phases.Select(phase => new WebhookPhaseTime(phase, TimeSpan.FromMilliseconds(2)))],
    };

    private WebhookMonitor _monitor = null!;

    [GlobalSetup]
    public void Setup() => _monitor = new WebhookMonitor(_clock, new WebhookOptions());

    [GlobalCleanup]
    public void Cleanup() => _clock.Dispose();

    [Benchmark]
    public void TimeSixPhases()
    {
        using var timing = _monitor.Begin("github");
        foreach (var phase in Phases)
        {
            timing.Measure(phase).Dispose();
        }
    }

    [Benchmark]
    public void RecordABreakdownOfSixPhases() => _monitor.Record(_breakdown);

    [Benchmark]
    public WebhookTimingSummary GetSummary() => _monitor.GetSummary();
}
