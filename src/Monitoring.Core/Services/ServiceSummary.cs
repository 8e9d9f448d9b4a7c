namespace Monitoring.Services;

/// <summary>The services that this one depends on. Immutable.</summary>
public sealed class ServiceSummary
{
    /// <summary>How far back it looks; an hour at most.</summary>
    public TimeSpan Window { get; init; }

    /// <summary>
    /// The worst status of those that matter: an optional service that is critical counts as a warning. Unknown when there is
    /// none, or none has been asked yet.
    /// </summary>
    public ServiceStatus Status { get; init; }

    /// <summary>How many there are.</summary>
    public int Count { get; init; }

    /// <summary>How many are healthy.</summary>
    public int Healthy { get; init; }

    /// <summary>How many are <see cref="ServiceStatus.Warning"/>.</summary>
    public int Warning { get; init; }

    /// <summary>How many are critical, optional ones included.</summary>
    public int Critical { get; init; }

    /// <summary>How many have not been asked yet.</summary>
    public int Unknown { get; init; }

    /// <summary>How many were to be added beyond <see cref="ServiceOptions.Capacity"/>.</summary>
    public long Overflowed { get; init; }

    /// <summary>The services, the worst first, then by name.</summary>
    public IReadOnlyList<ServiceHealth> Services { get; init; } = [];
}

/// <summary>One service. Immutable.</summary>
public sealed class ServiceHealth
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>How it is probed: <c>http</c>, <c>tcp</c>, <c>redis</c>, <c>database</c>, <c>health-check</c> or <c>custom</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>How it fares.</summary>
    public ServiceStatus Status { get; init; }

    /// <summary>Whether the service can do without it.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Since when it has had this status.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>When the last probe ended; null before the first.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    /// <summary>Why it is not healthy; null when it is.</summary>
    public string? Description { get; init; }

    /// <summary>The last failure, even if it is over.</summary>
    public string? LastError { get; init; }

    /// <summary>When that was.</summary>
    public DateTimeOffset? LastErrorAt { get; init; }

    /// <summary>Failures since the last answer.</summary>
    public int ConsecutiveFailures { get; init; }

    /// <summary>Probes within the window.</summary>
    public int Checks { get; init; }

    /// <summary>Probes within the window that failed.</summary>
    public int Failures { get; init; }

    /// <summary>How long the last answer took; null before the first.</summary>
    public TimeSpan? ResponseTime { get; init; }

    /// <summary>How long answers took within the window, on average.</summary>
    public TimeSpan AverageResponseTime { get; init; }

    /// <summary>95th percentile of how long answers took within the window, exact.</summary>
    public TimeSpan P95ResponseTime { get; init; }

    /// <summary>Share of the time for which it was not critical, of that part of the window of which it is known. 0 if none is.</summary>
    public double UptimePercent { get; init; }

    /// <summary>That part of the window.</summary>
    public TimeSpan Observed { get; init; }

    /// <summary>Changes of its status, the newest first.</summary>
    public IReadOnlyList<ServiceTransition> History { get; init; } = [];

    /// <summary>The last attempts to bring it back, the newest first; 20 at most.</summary>
    public IReadOnlyList<ServiceRecoveryAttempt> Recoveries { get; init; } = [];

    /// <summary>Attempts since it was last well for long enough.</summary>
    public int RecoveryAttempts { get; init; }

    /// <summary>Probes since the start.</summary>
    internal long TotalChecks { get; init; }

    /// <summary>Failed probes since the start.</summary>
    internal long TotalFailures { get; init; }

    /// <summary>Attempts to bring it back since the start.</summary>
    internal long TotalRecoveries { get; init; }

    /// <summary>What it adds to the overall status.</summary>
    internal ServiceStatus Weight => IsOptional && Status == ServiceStatus.Critical ? ServiceStatus.Warning : Status;
}

/// <summary>A change of a service's status.</summary>
/// <param name="At">When.</param>
/// <param name="From">What it was.</param>
/// <param name="To">What it became.</param>
/// <param name="Reason">Why; null when it became healthy.</param>
public sealed record ServiceTransition(DateTimeOffset At, ServiceStatus From, ServiceStatus To, string? Reason);

/// <summary>How an attempt to bring a service back ended.</summary>
public enum ServiceRecoveryOutcome
{
    /// <summary>It did what it had to without an error; whether the service is back, the next probes say.</summary>
    Completed,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>It did not end in time.</summary>
    TimedOut,
}

/// <summary>An attempt to bring a service back.</summary>
/// <param name="At">When it began.</param>
/// <param name="Attempt">Which it was, from 1.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Error">What went wrong; null when nothing did.</param>
public sealed record ServiceRecoveryAttempt(DateTimeOffset At, int Attempt, ServiceRecoveryOutcome Outcome, TimeSpan Duration, string? Error);
