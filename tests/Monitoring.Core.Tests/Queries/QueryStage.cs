using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Latency;
using Monitoring.Queries;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Queries;

/// <summary>A query monitor on a clock that stands still, which listens to nothing unless it is told to.</summary>
internal sealed class QueryStage : IDisposable
{
    public QueryStage(Action<QueryOptions>? configure = null)
    {
        var options = new QueryOptions { Enabled = false };
        configure?.Invoke(options);
        Clock = new SliceClock(Time);
        Errors = new InternalErrors(NullLogger.Instance, Time);
        Monitor = new QueryMonitor(Clock, options, Errors);
    }

    public FakeClock Time { get; } = new();

    public SliceClock Clock { get; }

    public InternalErrors Errors { get; }

    public QueryMonitor Monitor { get; }

    public void Record(string sql, double milliseconds, QueryOutcome outcome = QueryOutcome.Succeeded, long? rows = null, Activity? activity = null) =>
        Monitor.Record(new QueryExecution(sql, new QueryDatabase("postgresql", "shop"), TimeSpan.FromMilliseconds(milliseconds), outcome, rows, activity));

    public void Dispose()
    {
        Monitor.Dispose();
        Clock.Dispose();
    }
}
