using System.Globalization;

namespace Monitoring.Services;

/// <summary>
/// What is known of one service: its status by the thresholds of its options, response times of the last hour, changes, and
/// attempts to bring it back; all bounded. Knows no clock and no thread: the service's lock guards it.
/// </summary>
internal sealed class ServiceRecord(ServiceProbeOptions options, int historyCapacity, DateTimeOffset createdAt)
{
    private const int RecoveryCapacity = 20;
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private readonly int _checkCapacity = (int)(Kept / options.Interval) + 2;
    private readonly Queue<Check> _checks = new();
    private readonly Queue<ServiceTransition> _history = new();
    private readonly Queue<ServiceRecoveryAttempt> _recoveries = new();
    private readonly StatusTimeline _timeline = new();
    private DateTimeOffset _since = createdAt;
    private DateTimeOffset? _checkedAt;
    private DateTimeOffset? _lastErrorAt;
    private TimeSpan? _responseTime;
    private int _failures;
    private int _successes;
    private long _totalChecks;
    private long _totalFailures;
    private long _totalRecoveries;
    private int _attempts;
    private TimeSpan _nextAttemptAt;
    private TimeSpan? _recoveredAt;

    public ServiceStatus Status { get; private set; }

    public string? Description { get; private set; }

    public string? LastError { get; private set; }

    /// <summary>A time as people read it.</summary>
    public static string Text(TimeSpan time) => time.TotalSeconds < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.#} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.##} s");

    /// <summary>Takes in what a probe found; an unknown status is no news.</summary>
    /// <returns>The change of status, or null.</returns>
    public ServiceTransition? Add(ServiceProbeResult result, TimeSpan took, TimeSpan elapsed, DateTimeOffset now)
    {
        _checkedAt = now;
        _totalChecks++;
        if (result.Status == ServiceStatus.Unknown)
        {
            return null;
        }

        var failed = result.Status == ServiceStatus.Critical;
        while (_checks.Count > 0 && (_checks.Count >= _checkCapacity || elapsed - _checks.Peek().At > Kept))
        {
            _checks.Dequeue();
        }

        _checks.Enqueue(new Check(elapsed, failed ? null : took));
        var next = failed ? Fail(result, now) : Succeed(result, took);
        if (next == Status)
        {
            return null;
        }

        var transition = new ServiceTransition(now, Status, next, Description);
        if (next == ServiceStatus.Critical && _recoveredAt is { } recoveredAt && elapsed - recoveredAt >= options.RecoveryMaximumDelay)
        {
            (_attempts, _nextAttemptAt) = (0, default);
        }

        _recoveredAt = Status == ServiceStatus.Critical ? elapsed : _recoveredAt;
        (Status, _since) = (next, now);
        _timeline.Add(elapsed, next);
        Keep(_history, transition, historyCapacity);
        return transition;
    }

    /// <summary>Whether it is time for another attempt to bring the service back; if so it is counted, and the next one put off.</summary>
    public bool TryBeginRecovery(TimeSpan elapsed, out int attempt)
    {
        attempt = 0;
        if (Status != ServiceStatus.Critical || _failures == 0 || _attempts >= options.RecoveryAttempts || elapsed < _nextAttemptAt)
        {
            return false;
        }

        attempt = ++_attempts;
        _totalRecoveries++;
        var distance = Math.Min(options.RecoveryMaximumDelay.Ticks, options.RecoveryDelay.Ticks * Math.Pow(2, attempt - 1));
        _nextAttemptAt = elapsed + TimeSpan.FromTicks((long)distance);
        return true;
    }

    public void AddRecovery(ServiceRecoveryAttempt attempt) => Keep(_recoveries, attempt, RecoveryCapacity);

    public ServiceHealth ToHealth(string name, string kind, TimeSpan elapsed, TimeSpan window)
    {
        var since = elapsed - window;
        var checks = _checks.Where(check => check.At >= since).ToList();
        var times = checks.Select(static check => check.Took).OfType<TimeSpan>().Order().ToArray();
        var (up, observed) = _timeline.Uptime(since, elapsed);
        return new ServiceHealth
        {
            Name = name,
            Kind = kind,
            Status = Status,
            IsOptional = options.IsOptional,
            Since = _since,
            CheckedAt = _checkedAt,
            Description = Description,
            LastError = LastError,
            LastErrorAt = _lastErrorAt,
            ConsecutiveFailures = _failures,
            Checks = checks.Count,
            Failures = checks.Count - times.Length,
            ResponseTime = _responseTime,
            AverageResponseTime = times.Length == 0 ? TimeSpan.Zero : TimeSpan.FromTicks((long)times.Average(static time => time.Ticks)),

            // Nearest rank.
            P95ResponseTime = times.Length == 0 ? TimeSpan.Zero : times[(int)Math.Ceiling(0.95 * times.Length) - 1],
            UptimePercent = observed > TimeSpan.Zero ? 100 * (up / observed) : 0,
            Observed = observed,
            History = [.. _history.Reverse()],
            Recoveries = [.. _recoveries.Reverse()],
            RecoveryAttempts = _attempts,
            TotalChecks = _totalChecks,
            TotalFailures = _totalFailures,
            TotalRecoveries = _totalRecoveries,
        };
    }

    private ServiceStatus Fail(ServiceProbeResult result, DateTimeOffset now)
    {
        _failures++;
        _totalFailures++;
        _successes = 0;
        Description = result.Description ?? "It failed.";
        (LastError, _lastErrorAt) = (Description, now);
        return _failures >= options.FailuresToCritical || Status == ServiceStatus.Critical ? ServiceStatus.Critical : ServiceStatus.Warning;
    }

    private ServiceStatus Succeed(ServiceProbeResult result, TimeSpan took)
    {
        _failures = 0;
        _successes++;
        _responseTime = took;
        if (Status == ServiceStatus.Critical && _successes < options.SuccessesToRecover)
        {
            Description = string.Create(CultureInfo.InvariantCulture, $"It answers again, {_successes} of {options.SuccessesToRecover} times.");
            return ServiceStatus.Critical;
        }

        var isSlow = took >= options.DegradedAfter;
        Description = result.Status == ServiceStatus.Warning ? result.Description ?? "It says that not all is well." : isSlow ? $"It took {Text(took)} to answer." : null;
        return isSlow ? ServiceStatus.Warning : result.Status;
    }

    private static void Keep<T>(Queue<T> queue, T item, int capacity)
    {
        queue.Enqueue(item);
        while (queue.Count > capacity)
        {
            queue.Dequeue();
        }
    }

    /// <summary>One probe: when it ended, and how long the answer took; null if there was none.</summary>
    private readonly record struct Check(TimeSpan At, TimeSpan? Took);
}
