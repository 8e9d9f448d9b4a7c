using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Latency;
using Monitoring.SystemResources;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.SystemResources;

/// <summary>A monitor of a machine that is what a test says, on a clock that stands still.</summary>
internal sealed class SystemStage : IDisposable
{
    private readonly SliceClock _slices;

    public SystemStage(FixtureFiles? files = null, SystemOptions? options = null)
    {
        Files = files ?? FixtureFiles.Machine();
        _slices = new SliceClock(Clock);
        Errors = new InternalErrors(NullLogger.Instance, Clock);
        Monitor = new SystemMonitor(_slices, options ?? new SystemOptions(), Errors, Files);
    }

    public FakeClock Clock { get; } = new();

    public FixtureFiles Files { get; }

    public InternalErrors Errors { get; }

    public SystemMonitor Monitor { get; }

    public SystemSummary Summary => Monitor.GetSummary();

    /// <summary>Takes one sample, and another after five seconds.</summary>
    public SystemSummary Next(Action<FixtureFiles>? between = null)
    {
        if (Summary.SampledAt is null)
        {
            Clock.Advance(TimeSpan.Zero);
        }

        between?.Invoke(Files);
        Clock.Advance(TimeSpan.FromSeconds(5));
        return Summary;
    }

    public Dictionary<(string Metric, string? Instance), MetricReading> Readings(TimeSpan window)
    {
        List<MetricReading> readings = [];
        Monitor.Collect(readings, window);
        return readings.ToDictionary(static reading => (reading.Metric, reading.Instance));
    }

    public void Dispose()
    {
        Monitor.Dispose();
        _slices.Dispose();
    }
}
