using System.Globalization;
using Monitoring.Latency;
using Monitoring.Telemetry;

namespace Monitoring.Requests;

/// <summary>What is known of one endpoint and method. Thread-safe; recording is lock-free and allocates nothing.</summary>
internal sealed class RequestSeries
{
    /// <summary>How many of the last requests the short error rate is of.</summary>
    public const int LastRequests = 100;

    /// <summary>Stands between method and endpoint in the key of a series; no method contains it.</summary>
    public const char Separator = '\n';

    private const int StatusClasses = 5;

    private readonly LatencyRecorder _latency;
    private readonly WindowedCounter _failures;
    private readonly WindowedCounter _aborts;
    private readonly WindowedCounter _cacheHits;
    private readonly WindowedCounter _cacheMisses;
    private readonly WindowedCounter[] _statuses;
    private readonly RecentList<bool> _last = new(LastRequests);
    private readonly Func<IReadOnlyDictionary<string, string>> _context;
    private volatile SlowRequest? _lastSlow;

    /// <param name="key">Method, <see cref="Separator"/>, endpoint; without a separator the endpoint alone.</param>
    /// <param name="clock">The clock of its windows.</param>
    public RequestSeries(string key, SliceClock clock)
    {
        var separator = key.IndexOf(Separator, StringComparison.Ordinal);
        Method = separator > 0 ? key[..separator] : null;
        Endpoint = key[(separator + 1)..];
        Name = Method is null ? Endpoint : $"{Method} {Endpoint}";
        _latency = new LatencyRecorder(clock);
        _failures = new WindowedCounter(clock);
        _aborts = new WindowedCounter(clock);
        _cacheHits = new WindowedCounter(clock);
        _cacheMisses = new WindowedCounter(clock);
        _statuses = [.. Enumerable.Range(0, StatusClasses).Select(_ => new WindowedCounter(clock))];
        _context = Describe;
    }

    /// <summary>Route template, or name of the operation.</summary>
    public string Endpoint { get; }

    /// <summary>HTTP method; null when these are no HTTP requests.</summary>
    public string? Method { get; }

    /// <summary>Both, as a person says it: <c>GET /orders/{id}</c>.</summary>
    public string Name { get; }

    /// <summary>How many are going on.</summary>
    public StripedCount InFlight { get; } = new();

    /// <summary>Records one request.</summary>
    public void Record(in RequestMetric metric, bool failed)
    {
        _latency.Record(metric.Duration);
        _last.Add(failed);
        if (failed)
        {
            _failures.Add();
        }

        if (metric.StatusCode is { } status && (uint)((status / 100) - 1) < StatusClasses)
        {
            _statuses[(status / 100) - 1].Add();
            if (status == RequestMetric.ClientClosedRequest)
            {
                _aborts.Add();
            }
        }

        if (metric.CacheHit is { } hit)
        {
            (hit ? _cacheHits : _cacheMisses).Add();
        }
    }

    /// <summary>Keeps a slow request, for alerts to point at.</summary>
    public void RecordSlow(SlowRequest slow) => _lastSlow = slow;

    /// <summary>What was counted within a window.</summary>
    public RequestWindow Read(TimeSpan window)
    {
        // The parts before the whole: a request recorded meanwhile must not make a share exceed 100 %.
        var minute = TimeSpan.FromMinutes(1);
        var lastFailures = _failures.GetCount(minute);
        var failures = _failures.GetCount(window);
        var statuses = Statuses(counter => counter.GetCount(window));
        return new RequestWindow(
            failures, statuses, _aborts.GetCount(window), _cacheHits.GetCount(window), _cacheMisses.GetCount(window), InFlight.Value, lastFailures,
            window == minute ? null : _latency.GetSnapshot(minute).Count, _latency.GetSnapshot(window));
    }

    /// <summary>The series that alert rules read.</summary>
    public (MetricReading Latency, long Failures) Collect(TimeSpan window)
    {
        var (latency, failures) = ReadOutcomes(window);
        return (new MetricReading(MetricNames.RequestLatency, latency.P95.TotalMilliseconds, Name, latency.Count) { Context = _context }, failures);
    }

    /// <summary>How long the requests of a window took, and how many of them failed.</summary>
    public (LatencySnapshot Latency, long Failures) ReadOutcomes(TimeSpan window)
    {
        // The part before the whole, as above.
        var failures = _failures.GetCount(window);
        var latency = _latency.GetSnapshot(window);
        return (latency, Math.Min(failures, latency.Count));
    }

    /// <summary>What was counted since the start.</summary>
    public RequestSeriesTotals GetTotals()
    {
        var failures = _failures.TotalCount;
        var statuses = Statuses(static counter => counter.TotalCount);
        var (hits, misses) = (_cacheHits.TotalCount, _cacheMisses.TotalCount);
        return new RequestSeriesTotals(Name, failures, statuses, hits, misses, InFlight.Value, _latency.GetTotals());
    }

    /// <summary>Whether each of the last requests failed, newest first.</summary>
    public IReadOnlyList<bool> Last => _last.ToList();

    private StatusClassCounts Statuses(Func<WindowedCounter, long> count) =>
        new(count(_statuses[0]), count(_statuses[1]), count(_statuses[2]), count(_statuses[3]), count(_statuses[4]));

    // An alert about a slow endpoint should say where to look: what its last slow request spent its time on.
    private Dictionary<string, string> Describe()
    {
        var context = new Dictionary<string, string>();
        if (_lastSlow is { } slow)
        {
            context["lastSlowMs"] = Milliseconds(slow.Duration);
            context["lastSlowRedis"] = $"{slow.RedisCommands} commands, {Milliseconds(slow.RedisTime)} ms";
            context["lastSlowQueries"] = $"{slow.Queries} queries, {Milliseconds(slow.QueryTime)} ms";
            if (slow.TraceId is { } traceId)
            {
                context["traceId"] = traceId;
            }
        }

        return context;

        static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("0.#", CultureInfo.InvariantCulture);
    }
}
