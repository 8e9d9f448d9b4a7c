using Monitoring.Latency;
using Monitoring.Telemetry;

namespace Monitoring.Webhooks;

/// <summary>
/// Phase timing of webhook handlers. Thread-safe. Recording never throws and waits for nothing but a short lock when a webhook is among
/// the slowest of its minute; memory is bounded by <see cref="WebhookOptions.MaxEndpoints"/>, <see cref="WebhookOptions.MaxPhases"/>,
/// <see cref="WebhookOptions.RecentCapacity"/> and <see cref="WebhookOptions.SlowestCapacity"/>.
/// </summary>
public sealed class WebhookMonitor : IMetricSource
{
    private static readonly TimeSpan LongestWindow = TimeSpan.FromHours(1);

    private readonly SliceClock _clock;
    private readonly int _maxPhases;
    private readonly SeriesTable<EndpointSeries> _endpoints;
    private readonly SeriesTable<PhaseSeries> _phases;
    private readonly RecentList<WebhookTimingBreakdown> _recent;
    private readonly EndpointPhases _endpointPhases;
    private readonly SlowestWebhooks _slowest;
    private readonly TargetRecorder _targets;

    /// <summary>Creates a monitor that has seen nothing yet.</summary>
    /// <param name="clock">The clock of its windows.</param>
    /// <param name="options">Its bounds; later changes have no effect.</param>
    public WebhookMonitor(SliceClock clock, WebhookOptions options)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(options);
        _clock = clock;
        _maxPhases = options.MaxPhases;
        _endpoints = new SeriesTable<EndpointSeries>(options.MaxEndpoints, name => new EndpointSeries(name, clock));
        _phases = new SeriesTable<PhaseSeries>(options.MaxPhases, name => new PhaseSeries(name, clock));
        _recent = new RecentList<WebhookTimingBreakdown>(options.RecentCapacity);
        _endpointPhases = new EndpointPhases(clock);
        _slowest = new SlowestWebhooks(clock, options.SlowestCapacity);
        _targets = new TargetRecorder(clock, options);
    }

    /// <summary>Starts timing one webhook; dispose the timing to record it.</summary>
    /// <param name="endpoint">
    /// A short, bounded name such as <c>github</c>; never the raw path. One of more than 128 characters counts as
    /// <c>OTHER</c>.
    /// </param>
    public WebhookTiming Begin(string endpoint) => new(this, endpoint, _clock.TimeProvider, _maxPhases);

    /// <summary>Records a webhook that was timed elsewhere. Allocates nothing once its names are known, unless it is among the slowest of its minute.</summary>
    /// <param name="breakdown">Where its time went; null records nothing.</param>
    public void Record(WebhookTimingBreakdown breakdown)
    {
        if (breakdown is null)
        {
            return;
        }

        var endpoint = _endpoints.Get(breakdown.Endpoint);
        endpoint.Record(breakdown);
        var phases = breakdown.Phases;
        for (var i = 0; i < phases.Count; i++)
        {
            _phases.Get(phases[i].Name).Record(phases[i]);
            _endpointPhases.Record(endpoint.Name, phases[i]);
        }

        _targets.Record(breakdown.Total);
        _recent.Add(breakdown);
        _slowest.Record(breakdown);
        if (SlowLog is { } log && breakdown.Total >= log.WebhookThreshold && log.Admits(SlowOperationKind.Webhook))
        {
            log.Write(SlowWebhook.Describe(breakdown, log.WebhookThreshold));
        }
    }

    /// <summary>
    /// Everything known about the last <paramref name="window"/>: to the second for up to a minute, to the minute beyond,
    /// an hour at most.
    /// </summary>
    /// <param name="window">How far to look back; an hour by default.</param>
    public WebhookTimingSummary GetSummary(TimeSpan? window = null)
    {
        var span = window is { } asked && asked < LongestWindow ? asked : LongestWindow;
        var endpoints = Read(span);
        var all = EndpointWindow.Merge(endpoints);
        var phases = _endpointPhases.Summarize(span, endpoints.ToDictionary(static endpoint => endpoint.Name, static endpoint => endpoint.Latency.Total, StringComparer.Ordinal));
        return new WebhookTimingSummary
        {
            Window = span,
            Count = all.Latency.Count,
            Average = all.Latency.Average,
            Minimum = all.Latency.Minimum,
            Maximum = all.Latency.Maximum,
            P50 = all.Latency.P50,
            P95 = all.Latency.P95,
            P99 = all.Latency.P99,
            Within500MsPercent = all.Within500MsPercent,
            Within2SPercent = all.Within2SPercent,
            Phases = SummarizePhases(span, all.Latency.Total),
            Endpoints = [.. endpoints.OrderByDescending(endpoint => endpoint.Latency.Count).Select(endpoint => Summarize(endpoint, [.. phases[endpoint.Name]]))],
            Compliance = _targets.GetCompliance(),
            Objective = _targets.GetObjective(),
            Slowest = _slowest.ToList(span),
            Recent = _recent.ToList(),
            OverflowedEndpoints = _endpoints.Overflowed,
            OverflowedPhases = OverflowedPhases,
        };
    }

    /// <inheritdoc/>
    public void Collect(ICollection<MetricReading> readings, TimeSpan window)
    {
        ArgumentNullException.ThrowIfNull(readings);
        foreach (var series in _endpoints.All)
        {
            readings.Add(series.Collect(window));
        }

        var (percent, count) = _targets.GetMisses(window);
        readings.Add(new MetricReading(MetricNames.WebhookObjective, percent, Count: count) { Limit = _targets.BudgetPercent });
    }

    /// <summary>A second is over; called by the monitor's loop.</summary>
    internal void Tick() => _targets.Tick();

    /// <summary>What was counted of each endpoint that had a webhook within a window.</summary>
    internal List<EndpointWindow> Read(TimeSpan window) => [.. _endpoints.All.Select(series => series.Read(window)).Where(static endpoint => endpoint.Latency.Count > 0)];

    /// <summary>How the objective is kept.</summary>
    internal WebhookObjective GetObjective() => _targets.GetObjective();

    /// <summary>Webhooks since the start that missed the objective.</summary>
    internal long ObjectiveMisses => _targets.MissTotal;

    /// <summary>Where slow webhooks are logged; null for nowhere.</summary>
    internal SlowOperationLog? SlowLog { get; init; }

    /// <summary>Webhooks since the start whose endpoint found no room.</summary>
    internal long OverflowedEndpoints => _endpoints.Overflowed;

    /// <summary>Phases since the start that found no room.</summary>
    internal long OverflowedPhases => _phases.Overflowed + _endpointPhases.Overflowed;

    /// <summary>What was counted of each endpoint since the start.</summary>
    internal EndpointTotals[] GetTotals() => Array.ConvertAll(_endpoints.All, static series => series.GetTotals());

    /// <summary>What was counted of each phase since the start.</summary>
    internal PhaseTotals[] GetPhaseTotals() => Array.ConvertAll(_phases.All, static series => series.GetTotals());

    private static WebhookEndpointSummary Summarize(EndpointWindow endpoint, IReadOnlyList<WebhookPhaseSummary> phases) => new()
    {
        Endpoint = endpoint.Name,
        Count = endpoint.Latency.Count,
        Average = endpoint.Latency.Average,
        Maximum = endpoint.Latency.Maximum,
        P50 = endpoint.Latency.P50,
        P95 = endpoint.Latency.P95,
        P99 = endpoint.Latency.P99,
        Within500MsPercent = endpoint.Within500MsPercent,
        Within2SPercent = endpoint.Within2SPercent,
        Phases = phases,
    };

    private List<WebhookPhaseSummary> SummarizePhases(TimeSpan window, TimeSpan total) =>
        [.. _phases.All
            .Select(series => series.Summarize(window, total))
            .Where(phase => phase.Count > 0)
            .OrderByDescending(phase => phase.SharePercent)];
}
