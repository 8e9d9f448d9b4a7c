using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Monitoring.Alerts;
using Monitoring.Alerts.Notifiers;
using Monitoring.Alerts.Rules;
using Monitoring.Caches;
using Monitoring.CircuitBreakers;
using Monitoring.History;
using Monitoring.Latency;
using Monitoring.Measurements;
using Monitoring.Queries;
using Monitoring.Redis;
using Monitoring.Requests;
using Monitoring.Services;
using Monitoring.SystemResources;
using Monitoring.TaskQueues;
using Monitoring.Telemetry;
using Monitoring.Validation;
using Monitoring.Webhooks;

namespace Monitoring;

/// <inheritdoc cref="IPerformanceMonitor"/>
public sealed class PerformanceMonitor : IPerformanceMonitor, IDisposable, IAsyncDisposable
{
    private static readonly TimeSpan LoopInterval = TimeSpan.FromSeconds(1);

    private readonly SliceClock _clock;
    private readonly InternalErrors _errors;
    private readonly ITimer _timer;
    private readonly HistoryReadings _readings;
    private volatile MonitoringOptions _current;
    private int _looping;

    /// <summary>Builds the rooms and starts the loop that closes slices, probes circuits and evaluates alerts.</summary>
    public PerformanceMonitor(
        MonitoringOptions options,
        TimeProvider timeProvider,
        ILoggerFactory loggerFactory,
        IEnumerable<IMetricSource> sources,
        IEnumerable<IAlertNotifier> notifiers,
        IMeterFactory? meterFactory = null,
        IEnumerable<IAlertRule>? rules = null,
        IStateStore? store = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(timeProvider);
        Started = _current = options;
        var logger = loggerFactory.CreateLogger("Monitoring");
        TimeProvider = timeProvider;
        _clock = new SliceClock(timeProvider);
        _errors = new InternalErrors(logger, timeProvider);
        StartedAt = timeProvider.GetUtcNow();
        Audit = new AuditLog(timeProvider);
        CircuitBreakers = new CircuitBreakerRegistry(timeProvider, options.CircuitBreaker, logger, _errors);
        SlowLog = new SlowOperationLog(loggerFactory, timeProvider, options.Logs, _errors);
        Webhooks = new WebhookMonitor(_clock, options.Webhooks) { SlowLog = SlowLog };
        Requests = new RequestMonitor(_clock, options.Requests, _errors) { SlowLog = SlowLog };
        Caches = new CacheMonitor(_clock, options.Caches, _errors);
        Queries = new QueryMonitor(_clock, options.Queries, _errors, SlowLog);
        SystemResources = new SystemMonitor(_clock, options.System, _errors);
        Services = new ServiceMonitor(_clock, options.Services, _errors, Audit, logger);
        Redis = new RedisMonitor(_clock, options.Redis, CircuitBreakers, _errors, meterFactory) { SlowLog = SlowLog };
        Caches.Watch("redis", CacheSource.Redis, () => Redis.GetLookupTotals() is { Hits: var hits, Misses: var misses } && hits + misses > 0 ? new CacheCounts(hits, misses) : null);
        TaskQueue = new TaskQueueMonitor(_clock, options.Backpressure, _errors, meterFactory) { SlowLog = SlowLog };
        Measurements = new MeasurementMonitor(_clock, MetricCatalog.Names);
        Alerts = new AlertManager(
            timeProvider, options.Alerts, [Webhooks, Requests, Caches, Redis, CircuitBreakers, TaskQueue, SystemResources, Services, Measurements, .. sources], notifiers, _errors, rules, store, Audit,
            new Circumstances(Redis, Webhooks, CircuitBreakers, TaskQueue).Describe);
        History = new HistoryMonitor(timeProvider);
        _readings = new HistoryReadings(this, _clock, _errors);
        _timer = timeProvider.CreateTimer(static state => ((PerformanceMonitor)state!).Loop(), this, LoopInterval, LoopInterval);
    }

    /// <inheritdoc/>
    public TimeProvider TimeProvider { get; }

    /// <inheritdoc/>
    public WebhookMonitor Webhooks { get; }

    /// <inheritdoc/>
    public RequestMonitor Requests { get; }

    /// <inheritdoc/>
    public CacheMonitor Caches { get; }

    /// <inheritdoc/>
    public QueryMonitor Queries { get; }

    /// <inheritdoc/>
    public SystemMonitor SystemResources { get; }

    /// <inheritdoc/>
    public ServiceMonitor Services { get; }

    /// <inheritdoc/>
    public RedisMonitor Redis { get; }

    /// <inheritdoc/>
    public CircuitBreakerRegistry CircuitBreakers { get; }

    /// <inheritdoc/>
    public TaskQueueMonitor TaskQueue { get; }

    /// <inheritdoc/>
    public MeasurementMonitor Measurements { get; }

    /// <inheritdoc/>
    public AlertManager Alerts { get; }

    /// <inheritdoc/>
    public AuditLog Audit { get; }

    /// <inheritdoc/>
    public HistoryMonitor History { get; }

    /// <inheritdoc/>
    public DateTimeOffset StartedAt { get; }

    /// <summary>The clock of the rooms' windows.</summary>
    internal SliceClock Clock => _clock;

    /// <summary>Where the rooms log slow operations.</summary>
    internal SlowOperationLog SlowLog { get; }

    /// <summary>The settings that the monitor was made with.</summary>
    internal MonitoringOptions Started { get; }

    /// <summary>The settings that it last took over; of those that are not live, the ones of <see cref="Started"/> hold.</summary>
    internal MonitoringOptions Current => _current;

    /// <summary>A monitor without a host; its alerts go to the log.</summary>
    /// <exception cref="OptionsValidationException">An option is out of its range; names key, value and range.</exception>
    public static PerformanceMonitor Create(MonitoringOptions? options = null, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null)
    {
        options ??= new MonitoringOptions();
        Validate(options);
        loggerFactory ??= NullLoggerFactory.Instance;
        return new(options, timeProvider ?? TimeProvider.System, loggerFactory, [], [new LogNotifier(loggerFactory)]);
    }

    /// <summary>
    /// Takes over those settings that can change while the monitor runs: the threshold and the capture of ids of <see cref="MonitoringOptions.Requests"/>, all of <see cref="MonitoringOptions.Redis"/> but its
    /// capacities, the thresholds of <see cref="MonitoringOptions.Queries"/>, all of <see cref="MonitoringOptions.Backpressure"/> and <see cref="MonitoringOptions.Logs"/>, and rules, thresholds and times of <see cref="MonitoringOptions.Alerts"/>. The others are left as they are. Thread-safe.
    /// </summary>
    /// <param name="options">The settings as they are to be.</param>
    /// <exception cref="OptionsValidationException">An option is out of its range; names key, value and range. Nothing was changed.</exception>
    public void Reload(MonitoringOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Validate(options);
        Requests.Reload(options.Requests);
        Redis.Reload(options.Redis);
        Queries.Reload(options.Queries);
        TaskQueue.Reload(options.Backpressure);
        Alerts.Reload(options.Alerts);
        SlowLog.Reload(options.Logs);
        _current = options;
    }

    /// <summary>Stops the loop. What was recorded can still be read. Does not wait for the notices of alerts that are under way.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        Redis.Dispose();
        Queries.Dispose();
        TaskQueue.Dispose();
        SystemResources.Dispose();
        Services.Dispose();
        Alerts.Dispose();
        _clock.Dispose();
    }

    /// <summary>Stops the loop and gives the notices of alerts a few seconds to get out. What was recorded can still be read.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        Redis.Dispose();
        Queries.Dispose();
        TaskQueue.Dispose();
        SystemResources.Dispose();
        Services.Dispose();
        await Alerts.DisposeAsync().ConfigureAwait(false);
        _clock.Dispose();
    }

    private static void Validate(MonitoringOptions options)
    {
        var errors = new OptionsErrors(nameof(Monitoring));
        options.Validate(errors);
        if (errors.Messages.Count > 0)
        {
            throw new OptionsValidationException(nameof(Monitoring), typeof(MonitoringOptions), errors.Messages);
        }
    }

    private void Loop()
    {
        // A timer may fire again while the last turn still runs; the turns must not overlap.
        if (Interlocked.Exchange(ref _looping, 1) == 1)
        {
            return;
        }

        try
        {
            _clock.Tick();
            Webhooks.Tick();
            Caches.Tick();
            CircuitBreakers.Tick();
            Redis.Tick();
            TaskQueue.Tick();
            _readings.Record();
            Alerts.Evaluate();
        }
        catch (Exception exception)
        {
            _errors.Report("loop", exception);
        }
        finally
        {
            Volatile.Write(ref _looping, 0);
        }
    }
}
