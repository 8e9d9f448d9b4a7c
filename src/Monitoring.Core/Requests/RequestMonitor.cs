using System.Diagnostics;
using Monitoring.Latency;
using Monitoring.Telemetry;

namespace Monitoring.Requests;

/// <summary>
/// Requests and other operations. Thread-safe. Recording never throws; memory is bounded by the capacities of <see cref="RequestOptions"/>.
/// </summary>
public sealed class RequestMonitor : IMetricSource
{
    private const int LongestEndpoint = 256;
    private const int LongestMethod = 32;
    private static readonly TimeSpan LongestWindow = TimeSpan.FromHours(1);
    private static readonly ActivitySource Source = new("Monitoring.Requests", typeof(RequestMonitor).Assembly.GetName().Version?.ToString());

    private readonly SliceClock _clock;
    private readonly InternalErrors _errors;
    private readonly SeriesTable<RequestSeries> _series;
    private readonly RecentList<bool> _last = new(RequestSeries.LastRequests);
    private readonly RecentList<SlowRequest> _slow;
    private readonly StripedCount _unnamed = new();
    private readonly TopList _users;
    private readonly TopList _tenants;
    private readonly IdHash _hash = new();
    private volatile RequestOptions _options;

    internal RequestMonitor(SliceClock clock, RequestOptions options, InternalErrors errors)
    {
        _clock = clock;
        _options = options;
        _errors = errors;
        _series = new SeriesTable<RequestSeries>(options.MaxEndpoints, key => new RequestSeries(key, clock), longestName: LongestMethod + 1 + LongestEndpoint);
        _slow = new RecentList<SlowRequest>(options.SlowCapacity);
        _users = new TopList(clock, options.TopCapacity);
        _tenants = new TopList(clock, options.TopCapacity);
    }

    /// <summary>Records a request, or another operation, that was measured elsewhere. Lock-free but for the lists of users and tenants; allocates nothing unless it is slow.</summary>
    /// <param name="metric">What happened.</param>
    public void Record(in RequestMetric metric) => Record(in metric, default, []);

    /// <summary>
    /// Begins an operation that is no HTTP request: an intent, a job, a call of a model. Dispose it to record it. Redis commands and
    /// queries that run until then are attributed to it, across awaits.
    /// </summary>
    /// <param name="name">A short, bounded name such as <c>assess</c>; nothing that identifies anybody.</param>
    public MonitoredOperation BeginOperation(string name)
    {
        name = string.IsNullOrWhiteSpace(name) ? SeriesTable<RequestSeries>.OverflowName : name;
        var activity = Source.CreateActivity(name, ActivityKind.Internal) ?? new Activity(name);
        return new MonitoredOperation(this, name, activity.Start());
    }

    /// <summary>
    /// Measures a named part of the request, or other operation, that the caller runs in, until the result is disposed; parts of one name add up.
    /// 15 names of one operation are told apart, the others are <c>OTHER</c>. Does nothing outside of an operation. Allocates nothing.
    /// </summary>
    public PhaseMeasurement Measure(string phase) => new(OperationScope.Find(Activity.Current), phase);

    /// <summary>What an id is shown as, unless ids are captured as they are: 16 hexadecimal digits, the same as long as the process lives.</summary>
    public string HashId(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return IdHash.ToText(_hash.Of(id));
    }

    /// <summary>Everything known about the last <paramref name="window"/>: to the second for up to a minute, to the minute beyond; an hour by default and at most.</summary>
    public RequestSummary GetSummary(TimeSpan? window = null)
    {
        var span = Span(window);
        var read = _series.All.Select(series => (Series: series, Window: series.Read(span))).ToList();
        var all = RequestWindow.Merge([.. read.Select(static endpoint => endpoint.Window)]);
        var seconds = _clock.GetRateSeconds(span);
        return new RequestSummary
        {
            Window = span,
            Count = all.Count,
            Successes = all.Count - all.Failed,
            Failures = all.Failed,
            SuccessRatePercent = all.SuccessRatePercent,
            ErrorRateLastMinutePercent = all.ErrorRateLastMinutePercent,
            ErrorRateLast100Percent = RequestWindow.FailedPercent(_last.ToList()),
            RequestsPerSecond = all.Count / seconds,
            InFlight = all.InFlight + _unnamed.Value,
            Average = all.Latency.Average,
            Minimum = all.Latency.Minimum,
            Maximum = all.Latency.Maximum,
            P50 = all.Latency.P50,
            P95 = all.Latency.P95,
            P99 = all.Latency.P99,
            StatusClasses = all.Statuses,
            ClientAborts = all.ClientAborts,
            CacheHits = all.CacheHits,
            CacheMisses = all.CacheMisses,
            CacheHitRatePercent = all.CacheHitRatePercent,
            Endpoints =
            [
                .. read.Where(static endpoint => endpoint.Window.Count > 0 || endpoint.Window.InFlight > 0)
                    .OrderByDescending(static endpoint => endpoint.Window.Count).ThenBy(static endpoint => endpoint.Series.Name, StringComparer.Ordinal)
                    .Select(endpoint => Summarize(endpoint.Series, endpoint.Window, all.Count, seconds)),
            ],
            TopUsers = _users.Read(span),
            TopTenants = _tenants.Read(span),
            OverflowedEndpoints = _series.Overflowed,
            Unattributed = OperationTable.Overflowed,
        };
    }

    /// <summary>Duration from which on a request is slow, as it is set now.</summary>
    public TimeSpan SlowThreshold => _options.SlowThreshold;

    /// <summary>The last slow requests, newest first, as many as <see cref="RequestOptions.SlowCapacity"/>.</summary>
    /// <param name="threshold">Only those that took at least so long; all that are kept by default.</param>
    /// <param name="limit">How many at most.</param>
    public IReadOnlyList<SlowRequest> GetSlowRequests(TimeSpan? threshold = null, int limit = int.MaxValue) =>
        [.. _slow.ToList().Where(slow => slow.Duration >= (threshold ?? TimeSpan.Zero)).Take(limit)];

    /// <inheritdoc/>
    public void Collect(ICollection<MetricReading> readings, TimeSpan window)
    {
        ArgumentNullException.ThrowIfNull(readings);
        var (count, failures) = (0L, 0L);
        foreach (var series in _series.All)
        {
            var (latency, failed) = series.Collect(window);
            readings.Add(latency);
            count += latency.Count;
            failures += failed;
        }

        readings.Add(new MetricReading(MetricNames.RequestErrorRate, RequestWindow.Percent(failures, count), null, count) { Context = DescribeFailures });
    }

    /// <summary>Takes over what can change while the monitor runs: the threshold of slow requests, and whether ids are captured.</summary>
    internal void Reload(RequestOptions options) => _options = options;

    /// <summary>How long the requests of each endpoint took within a window, and how many of them failed.</summary>
    internal IEnumerable<(string Name, LatencySnapshot Latency, long Failures)> ReadOutcomes(TimeSpan window) =>
        _series.All.Select(series => series.ReadOutcomes(window) is var (latency, failures) ? (series.Name, latency, failures) : default);

    /// <summary>Requests since the start whose endpoint found no room.</summary>
    internal long OverflowedEndpoints => _series.Overflowed;

    /// <summary>What was counted of each endpoint since the start.</summary>
    internal RequestSeriesTotals[] GetTotals() => Array.ConvertAll(_series.All, static series => series.GetTotals());

    /// <summary>Where slow requests are logged; null for nowhere.</summary>
    internal SlowOperationLog? SlowLog { get; init; }

    /// <summary>Where errors of those who record requests go.</summary>
    internal InternalErrors Errors => _errors;

    /// <summary>A request, or another operation, begins. Allocates nothing.</summary>
    /// <param name="endpoint">Route template or name; null when it is not known yet.</param>
    /// <param name="method">HTTP method; null when it is no HTTP request.</param>
    /// <param name="activity">The activity that it runs in, and nothing else does.</param>
    /// <param name="named">What <paramref name="naming"/> asks for the name while it is not known.</param>
    /// <param name="naming">Tells the name.</param>
    internal RequestTicket Begin(string? endpoint, string? method, Activity? activity, object? named = null, Func<object, string?>? naming = null)
    {
        var series = endpoint is null ? null : Find(endpoint, method);
        var inFlight = series?.InFlight ?? _unnamed;
        inFlight.Add(1);
        return new RequestTicket(OperationState.Begin(series?.Name, activity, named, naming, owner: _clock), inFlight, _clock.TimeProvider.GetTimestamp());
    }

    /// <summary>A request, or another operation, ended now. Once for each that began.</summary>
    /// <param name="ticket">What <see cref="Begin"/> returned.</param>
    /// <param name="metric">How it went; times and trace are filled in here.</param>
    /// <param name="activity">The activity that it ran in.</param>
    internal void End(in RequestTicket ticket, in RequestMetric metric, Activity? activity)
    {
        ticket.InFlight.Add(-1);
        var elapsed = _clock.TimeProvider.GetElapsedTime(ticket.Start);
        var slow = elapsed >= _options.SlowThreshold;
        var totals = ticket.State.End(slow, out var phases);
        Record(metric with { Duration = elapsed, TraceId = slow ? RequestMetric.TraceOf(activity) : null }, totals, phases);
    }

    /// <summary>A request ended that is not to be recorded. In place of <see cref="End"/>.</summary>
    internal void Forget(in RequestTicket ticket)
    {
        ticket.InFlight.Add(-1);
        ticket.State.End(wantsPhases: false, out _);
    }

    /// <summary>What is known so far of a request that goes on.</summary>
    internal RequestProgress Peek(in RequestTicket ticket)
    {
        var totals = ticket.State.Peek(out var phases);
        return new RequestProgress(_clock.TimeProvider.GetElapsedTime(ticket.Start), totals, phases);
    }

    private void Record(in RequestMetric metric, in OperationTotals totals, RequestPhase[] phases)
    {
        try
        {
            var options = _options;
            var failed = metric.Failed;
            var series = Find(metric.Endpoint, metric.Method);
            if (metric.Duration >= options.SlowThreshold)
            {
                Keep(series, in metric, in totals, phases, options);
            }

            // The count last: who sees it sees the rest.
            Count(_users, metric.UserId, in metric, failed, options);
            Count(_tenants, metric.TenantId, in metric, failed, options);
            _last.Add(failed);
            series.Record(in metric, failed);
        }
        catch (Exception exception)
        {
            _errors.Report("recording a request", exception);
        }
    }

    private void Count(TopList list, string? id, in RequestMetric metric, bool failed, RequestOptions options)
    {
        if (list.IsKept && !string.IsNullOrEmpty(id))
        {
            list.Add(_hash.Of(id), options.CaptureRawIds ? Raw(id) : null, failed, metric.Duration);
        }
    }

    private void Keep(RequestSeries series, in RequestMetric metric, in OperationTotals totals, RequestPhase[] phases, RequestOptions options)
    {
        var slow = new SlowRequest
        {
            Endpoint = series.Endpoint,
            Method = series.Method,
            StatusCode = metric.StatusCode,
            Success = !metric.Failed,
            StartedAt = metric.StartedAt == default ? _clock.TimeProvider.GetUtcNow() - metric.Duration : metric.StartedAt,
            Duration = metric.Duration,
            TraceId = metric.TraceId is { Length: <= LongestMethod } traceId ? traceId : null,
            RedisTime = Stopwatch.GetElapsedTime(0, totals.RedisTicks),
            RedisCommands = totals.RedisCommands,
            QueryTime = Stopwatch.GetElapsedTime(0, totals.QueryTicks),
            Queries = totals.Queries,
            CacheHit = metric.CacheHit,
            UserId = Shown(metric.UserId),
            TenantId = Shown(metric.TenantId),
            Phases = phases,
        };
        _slow.Add(slow);
        series.RecordSlow(slow);
        if (SlowLog is { } log && log.Admits(SlowOperationKind.Request))
        {
            log.Write(slow.ToEvent(series.Name, options.SlowThreshold));
        }

        string? Shown(string? id) => string.IsNullOrEmpty(id) ? null : options.CaptureRawIds ? Raw(id) : IdHash.ToText(_hash.Of(id));
    }

    private static string Raw(string id) => id.Length <= IdHash.LongestId ? id : id[..IdHash.LongestId];

    // The key is put together on the stack: a known endpoint costs no allocation.
    private RequestSeries Find(string? endpoint, string? method)
    {
        if (string.IsNullOrEmpty(method))
        {
            // A name that looks like a key of the other kind must not be one.
            return _series.Get(endpoint?.Length <= LongestEndpoint && !endpoint.Contains(RequestSeries.Separator, StringComparison.Ordinal) ? endpoint : null);
        }

        if (string.IsNullOrWhiteSpace(endpoint) || endpoint.Length > LongestEndpoint || method.Length > LongestMethod || method.Contains(RequestSeries.Separator, StringComparison.Ordinal))
        {
            return _series.Get((string?)null);
        }

        Span<char> key = stackalloc char[LongestMethod + 1 + LongestEndpoint];
        method.CopyTo(key);
        key[method.Length] = RequestSeries.Separator;
        endpoint.CopyTo(key[(method.Length + 1)..]);
        return _series.Get((ReadOnlySpan<char>)key[..(method.Length + 1 + endpoint.Length)]);
    }

    private static TimeSpan Span(TimeSpan? window) => window is { } asked && asked < LongestWindow ? asked : LongestWindow;

    private static RequestEndpointSummary Summarize(RequestSeries series, in RequestWindow window, long all, double seconds) => new()
    {
        Endpoint = series.Endpoint,
        Method = series.Method,
        Count = window.Count,
        Failures = window.Failed,
        SuccessRatePercent = window.SuccessRatePercent,
        SharePercent = RequestWindow.Percent(window.Count, all),
        RequestsPerSecond = window.Count / seconds,
        InFlight = window.InFlight,
        Average = window.Latency.Average,
        Minimum = window.Latency.Minimum,
        Maximum = window.Latency.Maximum,
        P50 = window.Latency.P50,
        P95 = window.Latency.P95,
        P99 = window.Latency.P99,
        StatusClasses = window.Statuses,
        ClientAborts = window.ClientAborts,
        CacheHits = window.CacheHits,
        CacheMisses = window.CacheMisses,
        CacheHitRatePercent = window.CacheHitRatePercent,
        ErrorRateLastMinutePercent = window.ErrorRateLastMinutePercent,
        ErrorRateLast100Percent = RequestWindow.FailedPercent(series.Last),
    };

    // Which endpoints fail, for who looks at the alert.
    private Dictionary<string, string> DescribeFailures()
    {
        const int Named = 5;
        var failing = GetSummary(TimeSpan.FromMinutes(1)).Endpoints
            .Where(static endpoint => endpoint.Failures > 0)
            .OrderByDescending(static endpoint => endpoint.Failures)
            .Take(Named)
            .Select(static endpoint => $"{endpoint.Name}: {endpoint.Failures} of {endpoint.Count}");
        return new Dictionary<string, string> { ["failingEndpoints"] = string.Join("; ", failing) };
    }
}
