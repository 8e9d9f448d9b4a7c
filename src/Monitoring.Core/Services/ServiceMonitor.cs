using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Latency;
using Monitoring.Telemetry;

namespace Monitoring.Services;

/// <summary>
/// The services that this one depends on, each asked in the background at an interval of its own. No probe waits for another
/// one, and none overlaps itself. Thread-safe.
/// </summary>
public sealed partial class ServiceMonitor : IMetricSource, IDisposable
{
    private const int LongestName = 100;
    private static readonly TimeSpan LongestWindow = TimeSpan.FromHours(1);

    private readonly ServiceOptions _options;
    private readonly AuditLog _audit;
    private readonly ILogger _logger;
    private readonly long _createdAt;
    private readonly Lock _lock = new();

    // Replaced as a whole under the lock, read without it; in the order of their names.
    private WatchedService[] _services = [];
    private bool _disposed;
    private long _overflowed;

    internal ServiceMonitor(SliceClock clock, ServiceOptions options, InternalErrors errors, AuditLog audit, ILogger logger)
    {
        TimeProvider = clock.TimeProvider;
        Errors = errors;
        _options = options;
        _audit = audit;
        _logger = logger;
        _createdAt = TimeProvider.GetTimestamp();
    }

    internal TimeProvider TimeProvider { get; }

    internal InternalErrors Errors { get; }

    /// <summary>How many services were to be added beyond <see cref="ServiceOptions.Capacity"/>.</summary>
    internal long Overflowed => Volatile.Read(ref _overflowed);

    /// <summary>The services of the host, for recovery; null without one.</summary>
    internal IServiceProvider? Provider { get; set; }

    /// <summary>Time since the monitor was made, by the steady clock.</summary>
    internal TimeSpan Elapsed => TimeProvider.GetElapsedTime(_createdAt);

    /// <summary>Watches a service with a probe of the application's own.</summary>
    /// <param name="name">A short name, 100 characters at most: what alerts, the API and metrics call it.</param>
    /// <param name="probe">Asks it; called at the options' interval, never while a call before has not ended.</param>
    /// <param name="options">How often, and what the answers mean; the defaults when null.</param>
    /// <returns>False when there are <see cref="ServiceOptions.Capacity"/> services already, or the monitor is disposed.</returns>
    /// <exception cref="ArgumentException">The name is empty or too long, or a service has it.</exception>
    /// <exception cref="OptionsValidationException">An option is out of its range.</exception>
    public bool Add(string name, ServiceProbe probe, ServiceProbeOptions? options = null) => Add(name, "custom", probe, options ?? new ServiceProbeOptions());

    /// <summary>Watches an HTTP endpoint with GET.</summary>
    /// <inheritdoc cref="Add(string, ServiceProbe, ServiceProbeOptions?)"/>
    /// <param name="name">A short name, 100 characters at most: what alerts, the API and metrics call it.</param>
    /// <param name="address">An absolute http or https address.</param>
    /// <param name="options">How often, and what the answers mean; the defaults when null.</param>
    public bool Add(string name, Uri address, HttpProbeOptions? options = null)
    {
        options ??= new HttpProbeOptions();
        return Add(name, "http", Probes.Http(address, options), options);
    }

    /// <summary>Watches whether a TCP port takes connections.</summary>
    /// <inheritdoc cref="Add(string, ServiceProbe, ServiceProbeOptions?)"/>
    /// <param name="name">A short name, 100 characters at most: what alerts, the API and metrics call it.</param>
    /// <param name="host">Name or address.</param>
    /// <param name="port">1 to 65,535.</param>
    /// <param name="options">How often, and what the answers mean; the defaults when null.</param>
    public bool Add(string name, string host, int port, ServiceProbeOptions? options = null) =>
        Add(name, "tcp", Probes.Tcp(host, port), options ?? new ServiceProbeOptions());

    /// <summary>Watches a database with <c>SELECT 1</c>.</summary>
    /// <inheritdoc cref="Add(string, ServiceProbe, ServiceProbeOptions?)"/>
    /// <param name="name">A short name, 100 characters at most: what alerts, the API and metrics call it.</param>
    /// <param name="connect">Makes a closed connection, which the probe opens and disposes.</param>
    /// <param name="options">How often, and what the answers mean; the defaults when null.</param>
    public bool Add(string name, Func<DbConnection> connect, ServiceProbeOptions? options = null)
    {
        options ??= new ServiceProbeOptions();
        return Add(name, "database", Probes.Database(connect, options.Timeout), options);
    }

    /// <summary>Watches a database with <c>SELECT 1</c>.</summary>
    /// <inheritdoc cref="Add(string, ServiceProbe, ServiceProbeOptions?)"/>
    /// <param name="name">A short name, 100 characters at most: what alerts, the API and metrics call it.</param>
    /// <param name="source">Where connections come from; not disposed.</param>
    /// <param name="options">How often, and what the answers mean; the defaults when null.</param>
    public bool Add(string name, DbDataSource source, ServiceProbeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Add(name, source.CreateConnection, options);
    }

    /// <summary>The services over the last <paramref name="window"/>; an hour by default and at most.</summary>
    public ServiceSummary GetSummary(TimeSpan? window = null)
    {
        var asked = window is { } some && some < LongestWindow ? some : LongestWindow;
        var services = Volatile.Read(ref _services);
        var health = new ServiceHealth[services.Length];
        for (var i = 0; i < services.Length; i++)
        {
            health[i] = services[i].GetHealth(asked);
        }

        return new ServiceSummary
        {
            Window = asked,
            Status = health.Length == 0 ? ServiceStatus.Unknown : health.Max(static service => service.Weight),
            Count = health.Length,
            Healthy = health.Count(static service => service.Status == ServiceStatus.Healthy),
            Warning = health.Count(static service => service.Status == ServiceStatus.Warning),
            Critical = health.Count(static service => service.Status == ServiceStatus.Critical),
            Unknown = health.Count(static service => service.Status == ServiceStatus.Unknown),
            Overflowed = Overflowed,

            // Stable: by name within a status.
            Services = [.. health.OrderByDescending(static service => service.Weight).ThenByDescending(static service => service.Status)],
        };
    }

    /// <inheritdoc/>
    public void Collect(ICollection<MetricReading> readings, TimeSpan window)
    {
        ArgumentNullException.ThrowIfNull(readings);
        foreach (var service in Volatile.Read(ref _services))
        {
            var (status, description, isOptional) = service.GetStatus();
            if (status != ServiceStatus.Unknown)
            {
                readings.Add(new MetricReading(MetricNames.ServiceHealth, Level(status, isOptional), service.Name)
                {
                    Text = description,
                    Context = () => Describe(service.GetHealth(LongestWindow)),
                });
            }
        }
    }

    /// <summary>Stops asking, and cancels what is under way without waiting for it. What is known can still be read.</summary>
    public void Dispose()
    {
        WatchedService[] services;
        lock (_lock)
        {
            _disposed = true;
            services = _services;
        }

        foreach (var service in services)
        {
            service.Dispose();
        }
    }

    /// <summary>How a status counts for alerts: 0 healthy, 1 warning, 2 critical.</summary>
    internal static int Level(ServiceStatus status, bool isOptional) => status switch
    {
        ServiceStatus.Critical => isOptional ? 1 : 2,
        ServiceStatus.Warning => 1,
        _ => 0,
    };

    /// <summary>Throws unless a name will do.</summary>
    internal static void CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.Length > LongestName || name.Any(char.IsControl))
        {
            throw new ArgumentException($"The name of a service has {LongestName} characters at most, and no control characters.", nameof(name));
        }
    }

    /// <summary>The status of one service, by its name; null when there is none.</summary>
    internal (ServiceStatus Status, string? Description, bool IsOptional)? GetStatus(string name) =>
        Array.Find(Volatile.Read(ref _services), service => service.Name == name)?.GetStatus();

    internal bool Add(string name, string kind, ServiceProbe probe, ServiceProbeOptions options)
    {
        ArgumentNullException.ThrowIfNull(probe);
        CheckName(name);
        options.Validate(name);
        WatchedService? service = null;
        lock (_lock)
        {
            if (Array.Exists(_services, known => known.Name == name))
            {
                throw new ArgumentException($"There is a service named '{name}' already.", nameof(name));
            }

            if (!_disposed && _services.Length < _options.Capacity)
            {
                service = new WatchedService(this, name, kind, probe, options, _options.HistoryCapacity);
                Volatile.Write(ref _services, [.. _services.Append(service).OrderBy(static known => known.Name, StringComparer.Ordinal)]);

                // Under the lock, so that whoever disposes of the monitor finds it running.
                service.Start();
                return true;
            }
        }

        Interlocked.Increment(ref _overflowed);
        Log(() => LogLeftOut(_logger, name, _options.Capacity));
        return false;
    }

    internal void OnTransition(WatchedService service, ServiceTransition transition, bool isOptional)
    {
        var level = transition.To == ServiceStatus.Critical && !isOptional ? LogLevel.Error : transition.To is ServiceStatus.Critical or ServiceStatus.Warning ? LogLevel.Warning : LogLevel.Information;
        Log(() => LogTransition(_logger, level, service.Name, transition.From, transition.To, transition.Reason ?? "it answers as it should"));
    }

    internal void OnRecovery(WatchedService service, ServiceRecoveryAttempt attempt, int most)
    {
        var outcome = $"attempt {attempt.Attempt} of {most}: {attempt.Outcome} after {ServiceRecord.Text(attempt.Duration)}{(attempt.Error is null ? "" : $": {attempt.Error}")}";
        Log(() => LogRecovery(_logger, service.Name, attempt.Attempt, most, attempt.Outcome, attempt.Duration.TotalMilliseconds, attempt.Error));
        _audit.Add("service.recover", service.Name, "system", outcome);
    }

    private static Dictionary<string, string> Describe(ServiceHealth health)
    {
        Dictionary<string, string> context = new()
        {
            ["kind"] = health.Kind,
            ["consecutiveFailures"] = health.ConsecutiveFailures.ToString(CultureInfo.InvariantCulture),
            ["uptimePercent"] = health.UptimePercent.ToString("0.##", CultureInfo.InvariantCulture),
        };
        if (health.LastError is { } error)
        {
            context["lastError"] = error;
        }

        if (health.IsOptional)
        {
            context["optional"] = "true";
        }

        return context;
    }

    // A log provider that throws must not end a probe.
    private void Log(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception)
        {
            Errors.Report("service log", exception);
        }
    }

    [LoggerMessage(EventId = EventIds.ServiceStatusChanged, Message = "Service {Service} was {From} and is {To}: {Reason}")]
    private static partial void LogTransition(ILogger logger, LogLevel level, string service, ServiceStatus from, ServiceStatus to, string reason);

    [LoggerMessage(EventId = EventIds.ServiceRecoveryAttempted, Level = LogLevel.Warning, Message = "Attempt {Attempt} of {Most} to bring back service {Service}: {Outcome} after {DurationMs} ms {Error}")]
    private static partial void LogRecovery(ILogger logger, string service, int attempt, int most, ServiceRecoveryOutcome outcome, double durationMs, string? error);

    [LoggerMessage(EventId = EventIds.ServiceLeftOut, Level = LogLevel.Warning, Message = "Service {Service} is not watched: there are {Capacity} already (Monitoring:Services:Capacity)")]
    private static partial void LogLeftOut(ILogger logger, string service, int capacity);
}
