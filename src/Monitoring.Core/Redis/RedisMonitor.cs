using System.Diagnostics;
using System.Diagnostics.Metrics;
using Monitoring.CircuitBreakers;
using Monitoring.Latency;
using Monitoring.Telemetry;

namespace Monitoring.Redis;

/// <summary>
/// What is known of Redis: operations, failures, connections, circuits. Knows no client library. Thread-safe.
/// </summary>
public sealed class RedisMonitor : IMetricSource, IDisposable
{
    private const int ServerLimit = 256;

    private static readonly TimeSpan ShortestWindow = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DefaultWindow = TimeSpan.FromHours(1);

    private readonly SliceClock _clock;
    private readonly CircuitBreakerRegistry _circuitBreakers;
    private readonly RedisOperations _operations;
    private readonly RedisLatencyColumns _latencyColumns;
    private readonly RedisConnections _connections;
    private readonly RedisTimeouts _timeouts;
    private volatile RedisMonitoringOptions _options;
    private readonly SeriesTable<RedisServer> _servers;
    private readonly CancellationTokenSource _stopping = new();
    private readonly RedisObservations _observations;
    private readonly RedisLatencySources _latencySources;

    /// <summary>Creates a monitor that has seen nothing.</summary>
    /// <param name="clock">The clock of its windows.</param>
    /// <param name="options">How to watch.</param>
    /// <param name="circuitBreakers">The circuits that its summaries show.</param>
    /// <param name="errors">Where errors of the monitor itself are counted.</param>
    /// <param name="meterFactory">Makes the meter and disposes of it; null: the monitor does both.</param>
    public RedisMonitor(
        SliceClock clock, RedisMonitoringOptions options, CircuitBreakerRegistry circuitBreakers, InternalErrors errors, IMeterFactory? meterFactory = null)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(circuitBreakers);
        ArgumentNullException.ThrowIfNull(errors);
        Errors = errors;
        _options = options;
        Sampling = new RedisSampling(options);
        TimeProvider = clock.TimeProvider;
        _clock = clock;
        _circuitBreakers = circuitBreakers;
        _operations = new RedisOperations(clock) { Filter = CommandFilter.Of(options) };
        _latencyColumns = new RedisLatencyColumns(clock, () => _operations.All);
        _connections = new RedisConnections(errors);
        _timeouts = new RedisTimeouts(clock.TimeProvider, options.TimeoutCapacity);
        _servers = new SeriesTable<RedisServer>(ServerLimit, name => new RedisServer(name, clock), StringComparer.OrdinalIgnoreCase);
        _observations = new RedisObservations(clock, options);
        Telemetry = new RedisTelemetry(clock.TimeProvider, errors, meterFactory);
        Channels = new RedisChannels(clock, options.ChannelCapacity, Telemetry);
        RedisInstruments.Create(Telemetry.Meter, this);
        Probes = new RedisProbes(clock, () => Options.Server, errors, Stopping);
        _latencySources = new RedisLatencySources(Probes, () => _servers.All, () => Options.Server);
    }

    /// <summary>Where errors of the decorators themselves go.</summary>
    public InternalErrors Errors { get; }

    /// <summary>The clock of everything that is recorded.</summary>
    internal TimeProvider TimeProvider { get; }

    /// <summary>How Redis is watched now: replaced as a whole when the configuration reloads, never changed.</summary>
    public RedisMonitoringOptions Options => _options;

    /// <summary>Which operations are looked at closely.</summary>
    internal RedisSampling Sampling { get; }

    /// <summary>What is measured beside the operations, for the verdict on latency.</summary>
    internal RedisProbes Probes { get; }

    /// <summary>Where slow operations are logged; null for nowhere.</summary>
    internal SlowOperationLog? SlowLog { get; init; }

    /// <summary>Cancelled when the monitor is disposed: what runs in the background for it ends then.</summary>
    internal CancellationToken Stopping => _stopping.Token;

    /// <summary>What OpenTelemetry is told of each operation.</summary>
    internal RedisTelemetry Telemetry { get; }

    /// <summary>Pub/sub by channel pattern.</summary>
    internal RedisChannels Channels { get; }

    /// <summary>Shows a connection in the summary until the returned registration is disposed; 256 at most.</summary>
    /// <param name="status">Reads its state now; called for each summary, must not block.</param>
    public IDisposable AddConnection(Func<RedisConnectionStatus> status)
    {
        ArgumentNullException.ThrowIfNull(status);
        Probes.Start();
        return _connections.Add(status);
    }

    /// <summary>
    /// The recorder of one command on one server; beyond 1,024 of them in all, for no name and for one of more than 128
    /// characters, the shared one named <c>OTHER</c>. Case does not matter. Never throws.
    /// </summary>
    /// <param name="operation">Redis command, such as <c>GET</c>.</param>
    /// <param name="endPoint">Server as <c>host:port</c>; null where it is not known.</param>
    public RedisOperationRecorder GetOperation(string operation, string? endPoint = null) => _operations.Get(operation, endPoint);

    /// <summary>
    /// Looks at one operation closely: recent list, key patterns, payload sizes, slow operations. Latency and outcome are
    /// recorded by <see cref="RedisOperationRecorder"/>, not here. Thread-safe; never throws.
    /// </summary>
    public void Observe(in RedisObservation observation)
    {
        try
        {
            _observations.Observe(in observation, Options.CaptureRawKeys);
            Probes.Observe(in observation);
            if (observation is { IsSlow: true, Failure: not RedisFailureKind.Rejected } && SlowLog is { } log && log.Admits(SlowOperationKind.Redis))
            {
                log.Write(SlowRedisOperation.Describe(in observation, Options.SlowThreshold));
            }
        }
        catch (Exception exception)
        {
            Errors.Report("looking closely at a Redis operation", exception);
        }
    }

    /// <summary>Keeps the autopsy of a timeout. Wait-free; never throws.</summary>
    public void AddTimeout(RedisTimeoutDiagnosis diagnosis)
    {
        ArgumentNullException.ThrowIfNull(diagnosis);
        _timeouts.Add(diagnosis);
    }

    /// <summary>Whether one more timeout may be diagnosed now: 100 a second. Those beyond are counted. Lock-free; never throws.</summary>
    internal bool AdmitsTimeout() => _timeouts.Admits();

    /// <summary>What the servers of all connections said of themselves when they were last asked, by endpoint.</summary>
    public IReadOnlyList<RedisServerStatistics> GetServers() =>
    [
        .. _servers.All.Select(static server => server.Statistics).OfType<RedisServerStatistics>().OrderBy(static server => server.EndPoint, StringComparer.Ordinal),
    ];

    /// <summary>
    /// The stream groups that the options declare, as the servers told of them last. A group that several connections look
    /// for is shown once: where it exists, if it does anywhere.
    /// </summary>
    public IReadOnlyList<RedisStreamGroupStatus> GetStreamGroups() =>
    [
        .. _connections.Read().SelectMany(static connection => connection.StreamGroups)
            .GroupBy(static group => (group.Stream, group.Group))
            .Select(static same => same.OrderByDescending(static group => group.Exists).First()),
    ];

    /// <summary>One server by <c>host:port</c>; null beyond 256 of them.</summary>
    internal RedisServer? FindServer(string endPoint) =>
        _servers.Get(endPoint) is var server && server.EndPoint != SeriesTable<RedisServer>.OverflowName ? server : null;

    /// <summary>Ends what runs in the background for it. What was recorded can still be read.</summary>
    public void Dispose()
    {
        Telemetry.Dispose();

        // Not disposed, while its token may still be asked for: one without a timer holds nothing.
        _stopping.Cancel();
    }

    /// <summary>What the clients say about their multiplexers now.</summary>
    internal IReadOnlyList<RedisConnectionStatus> GetConnections() => _connections.Read();

    /// <summary>The circuits now.</summary>
    internal IReadOnlyList<CircuitBreakerSummary> GetCircuits() => _circuitBreakers.GetSummaries();

    /// <summary>What was counted of each command since the start, over all servers.</summary>
    internal IReadOnlyList<RedisOperationTotals> GetOperationTotals() =>
        [.. _operations.ByCommand().Select(static servers => servers.Select(static recorder => recorder.GetTotals()).Aggregate(static (sum, part) => sum.Plus(part)))];

    /// <summary>What those servers said of themselves that were asked within the last three polls.</summary>
    internal IReadOnlyList<RedisServerStatistics> GetFreshServers() =>
    [
        .. _servers.All.Where(server => RedisServerReadings.IsFresh(server, Options.Server.PollInterval))
            .Select(static server => server.Statistics).OfType<RedisServerStatistics>().OrderBy(static server => server.EndPoint, StringComparer.Ordinal),
    ];

    /// <summary>Reads since the start that found something, and that did not.</summary>
    internal (long Hits, long Misses) GetLookupTotals()
    {
        var (hits, misses) = (0L, 0L);
        foreach (var recorder in _operations.All)
        {
            var lookups = recorder.GetLookupTotals();
            (hits, misses) = (hits + lookups.Hits, misses + lookups.Misses);
        }

        return (hits, misses);
    }

    /// <summary>Failed operations since the start, by error.</summary>
    internal Dictionary<string, long> GetErrorTotals()
    {
        var totals = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var recorder in _operations.All)
        {
            recorder.AddErrorTotals(totals);
        }

        return totals;
    }

    /// <summary>Commands since the start whose outcome nobody knows.</summary>
    internal long GetSentTotal() => _operations.All.Sum(static recorder => recorder.TotalSent);

    /// <summary>What was counted as <c>OTHER</c>, or not shown, since the start: operations, connections, channels.</summary>
    internal (long Operations, long Connections, long Channels) GetOverflows() => (_operations.Overflowed, _connections.Overflow, Channels.Overflowed);

    /// <summary>Records an operation that was measured elsewhere, if the options ask for it. Never throws.</summary>
    public void Record(in RedisOperationMetric metric)
    {
        var recorder = GetOperation(metric.Operation);
        if (!recorder.IsRecorded)
        {
            return;
        }

        recorder.Record(metric.Duration, metric.Failure, metric.Error);

        var failure = Enum.IsDefined(metric.Failure) ? metric.Failure : RedisFailureKind.None;
        var slow = metric.Duration >= Options.SlowThreshold;
        var weight = Sampling.Choose(Stopwatch.GetTimestamp());
        if (weight > 0 || slow || failure is not (RedisFailureKind.None or RedisFailureKind.Rejected))
        {
            var error = failure == RedisFailureKind.None ? null : metric.Error ?? failure.ToString();
            Observe(new RedisObservation(recorder.Operation, null, null, metric.Duration, failure, error, weight, null, null, slow));
        }
    }

    /// <summary>A second is over; called by the monitor's loop.</summary>
    internal void Tick()
    {
        Sampling.Tick();
        _latencyColumns.Tick();
    }

    /// <summary>Takes over options that were validated; the capacities stay as they are.</summary>
    internal void Reload(RedisMonitoringOptions options)
    {
        _options = options;
        _operations.Filter = CommandFilter.Of(options);
        Sampling.Apply(options);
    }

    /// <summary>
    /// Where the time of the last <paramref name="window"/> went, an hour by default and at most: client, network or server.
    /// </summary>
    /// <param name="window">How far to look back.</param>
    /// <param name="endPoint">Server as <c>host:port</c>; all of them together when null.</param>
    public RedisLatencyVerdict GetLatencyVerdict(TimeSpan? window = null, string? endPoint = null)
    {
        var span = Limited(window);
        var endPoints = _operations.Read(span).ByEndPoint;
        return endPoint is null
            ? _latencySources.Judge(span, endPoints)
            : _latencySources.JudgeEach(span, endPoints).FirstOrDefault(one => string.Equals(one.EndPoint, endPoint, StringComparison.OrdinalIgnoreCase))?.Verdict
                ?? RedisLatencyVerdicts.Of(endPoint, span, []);
    }

    /// <summary>
    /// How the latency of all operations was distributed over the last <paramref name="window"/>: by the second for up to a minute, by
    /// ten seconds for up to twenty minutes, by half a minute beyond. The first column is whole, so it may begin that much earlier.
    /// Those that were rejected are in no cell.
    /// </summary>
    /// <param name="window">How far to look back; 1 s to 1 h, the nearest of which is taken.</param>
    public RedisLatencyMap GetLatencyMap(TimeSpan window)
    {
        var span = Limited(window < ShortestWindow ? ShortestWindow : window);
        return span <= LatencyColumns.Longest ? RedisLatencyMap.Of(_clock, _operations.All, span) : _latencyColumns.Read(span);
    }

    /// <summary>Everything known about the last <paramref name="window"/>; an hour by default and at most.</summary>
    public RedisOperationSummary GetSummary(TimeSpan? window = null)
    {
        var span = Limited(window);
        var operations = _operations.Read(span);
        var lists = _observations.GetLists(Options.CaptureRawKeys);
        return new RedisOperationSummary
        {
            Window = span,
            TotalOperations = operations.ByEndPoint.Sum(static endPoint => endPoint.Count),
            Failures = operations.Failures,
            AverageLatency = operations.Latency.Average,
            P50 = operations.Latency.P50,
            P95 = operations.Latency.P95,
            P99 = operations.Latency.P99,
            Verdict = _latencySources.Judge(span, operations.ByEndPoint),
            OperationsByType = operations.ByCommand,
            EndPoints = _latencySources.JudgeEach(span, operations.ByEndPoint),
            Channels = Channels.GetStatistics(span),
            Sent = operations.ByCommand.Values.Sum(static operation => operation.Sent),
            CircuitBreakers = _circuitBreakers.GetSummaries(),
            Connections = _connections.Read(),
            Timeouts = _timeouts.ToList(),
            UndiagnosedTimeouts = _timeouts.Undiagnosed,
            HotKeys = lists.Usage.GetHotKeys(span),
            ArgumentSizes = _observations.ArgumentSizes.GetSizes(span),
            ReplySizes = _observations.ReplySizes.GetSizes(span),
            SlowOperations = lists.SlowOperations.GetOperations(span),
            Recent = lists.Recent.ToList(),
            OverflowedOperations = _operations.Overflowed,
            OverflowedConnections = _connections.Overflow,
            OverflowedSlowOperations = _observations.OverflowedSlowOperations,
            OverflowedChannels = Channels.Overflowed,
        };
    }

    /// <summary>
    /// Adds the 95th percentile of each command and the failure rate over all, both with the number of operations behind
    /// them, over all servers, and what the servers said of themselves last. A command without a call in the window has no
    /// reading.
    /// </summary>
    public void Collect(ICollection<MetricReading> readings, TimeSpan window)
    {
        ArgumentNullException.ThrowIfNull(readings);
        var (operations, failed) = (0L, 0L);
        foreach (var servers in _operations.ByCommand())
        {
            var (_, latency, failures) = RedisCommandWindow.Of(servers, window);
            operations += latency.Count + failures.Rejected;
            failed += failures.Total;
            if (latency.Count > 0)
            {
                readings.Add(new MetricReading(MetricNames.RedisOperationLatency, latency.P95.TotalMilliseconds, servers.Key, latency.Count)
                {
                    Context = () => RedisAlertContext.OfLatency(
                        RedisOperationsWindow.Of(servers, window).ByCommand.GetValueOrDefault(servers.Key), _timeouts.Typical(window, servers.Key), GetLatencyVerdict(window)),
                });
            }
        }

        foreach (var server in _servers.All)
        {
            RedisServerReadings.Add(readings, server, Options.Server.PollInterval);
        }

        readings.Add(new MetricReading(MetricNames.RedisFailureRate, RedisOperationSummary.Percent(failed, operations), Count: operations)
        {
            Context = () => RedisAlertContext.OfFailures(GetSummary(window), _timeouts.Typical(window)),
        });
    }

    /// <summary>What was recorded of each command within a window, over all servers.</summary>
    internal IEnumerable<RedisCommandWindow> ReadCommands(TimeSpan window) => _operations.ByCommand().Select(servers => RedisCommandWindow.Of(servers, window));

    private static TimeSpan Limited(TimeSpan? window) => window is { } asked && asked < DefaultWindow ? asked : DefaultWindow;
}
