namespace Monitoring.Requests;

/// <summary>
/// What one user, or tenant, did over a window. Estimates of a bounded table: a true count lies between
/// <see cref="Count"/> less <see cref="ErrorPercent"/> of it and <see cref="Count"/>.
/// </summary>
public sealed record RequestActivity
{
    /// <summary>16 hexadecimal digits, the same for an id as long as the process lives (<see cref="RequestMonitor.HashId"/>); the id itself if <see cref="RequestOptions.CaptureRawIds"/>.</summary>
    public required string Id { get; init; }

    /// <summary>Requests, at most.</summary>
    public long Count { get; init; }

    /// <summary>Failed ones of those that were counted.</summary>
    public long Failures { get; init; }

    /// <summary>Time of those that were counted.</summary>
    public TimeSpan Time { get; init; }

    /// <summary>By how much <see cref="Count"/> may be too high, 0–100; zero while there are no more ids than are told apart.</summary>
    public double ErrorPercent { get; init; }
}
