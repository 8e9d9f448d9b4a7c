using System.Globalization;
using Monitoring.Latency;
using Monitoring.Telemetry;

namespace Monitoring.Webhooks;

/// <summary>What is known of one endpoint. Thread-safe; recording is lock-free and allocates nothing.</summary>
internal sealed class EndpointSeries
{
    private const int RecentCapacity = 16;
    private const int PhasesInContext = 3;

    private readonly LatencyRecorder _total;
    private readonly WindowedCounter _within500Ms;
    private readonly WindowedCounter _within2S;
    private readonly RecentList<WebhookTimingBreakdown> _recent = new(RecentCapacity);
    private readonly Func<IReadOnlyDictionary<string, string>> _context;

    public EndpointSeries(string name, SliceClock clock)
    {
        Name = name;
        _total = new LatencyRecorder(clock);
        _within500Ms = new WindowedCounter(clock);
        _within2S = new WindowedCounter(clock);
        _context = DescribeRecent;
    }

    /// <summary>Name of the endpoint.</summary>
    public string Name { get; }

    /// <summary>Records one webhook.</summary>
    public void Record(WebhookTimingBreakdown breakdown)
    {
        _total.Record(breakdown.Total);
        _recent.Add(breakdown);
        if (breakdown.Total <= WebhookTargets.Within2S)
        {
            _within2S.Add();
            if (breakdown.Total <= WebhookTargets.Within500Ms)
            {
                _within500Ms.Add();
            }
        }
    }

    /// <summary>What was counted within a window.</summary>
    public EndpointWindow Read(TimeSpan window)
    {
        // The parts before the whole: a webhook recorded meanwhile must not make a share exceed 100 %.
        var within500Ms = _within500Ms.GetCount(window);
        var within2S = _within2S.GetCount(window);
        return new EndpointWindow(Name, within500Ms, within2S, _total.GetSnapshot(window));
    }

    /// <summary>What was counted since the start.</summary>
    public EndpointTotals GetTotals()
    {
        // The parts before the whole, as above.
        var within500Ms = _within500Ms.TotalCount;
        var within2S = _within2S.TotalCount;
        return new EndpointTotals(Name, within500Ms, within2S, _total.GetTotals());
    }

    /// <summary>The series that alert rules read.</summary>
    public MetricReading Collect(TimeSpan window)
    {
        var snapshot = _total.GetSnapshot(window);
        return new MetricReading(MetricNames.WebhookResponseTime, snapshot.P95.TotalMilliseconds, Name, snapshot.Count) { Context = _context };
    }

    // An alert about a slow endpoint should say where to look: what its last webhooks spent their time on.
    private Dictionary<string, string> DescribeRecent()
    {
        var context = new Dictionary<string, string>();
        var recent = _recent.ToList();
        if (recent.MaxBy(breakdown => breakdown.Total) is not { } slowest)
        {
            return context;
        }

        context["slowestMs"] = slowest.Total.TotalMilliseconds.ToString("0.#", CultureInfo.InvariantCulture);
        if (slowest.TraceId is { } traceId)
        {
            context["traceId"] = traceId;
        }

        var total = recent.Sum(breakdown => breakdown.Total.TotalMilliseconds);
        var phases = recent
            .SelectMany(breakdown => breakdown.Phases)
            .GroupBy(time => time.Name, (name, times) => (Name: name, Share: 100 * times.Sum(time => time.Self.TotalMilliseconds) / total))
            .OrderByDescending(phase => phase.Share)
            .Take(PhasesInContext)
            .Select(phase => string.Create(CultureInfo.InvariantCulture, $"{phase.Name} {phase.Share:0} %"));
        context["topPhases"] = total > 0 ? string.Join(", ", phases) : "";
        return context;
    }
}
