using System.Globalization;
using Monitoring.Telemetry;

namespace Monitoring.Requests;

/// <summary>One slow request, or other operation, and what it spent its time on. Immutable.</summary>
public sealed record SlowRequest
{
    /// <summary>Route template, or name of the operation.</summary>
    public required string Endpoint { get; init; }

    /// <summary>HTTP method; null when it was no HTTP request.</summary>
    public string? Method { get; init; }

    /// <summary>HTTP status; null when it was no HTTP request.</summary>
    public int? StatusCode { get; init; }

    /// <summary>Whether it did not fail.</summary>
    public bool Success { get; init; }

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The trace that it belongs to, 32 hexadecimal digits; null when there was none.</summary>
    public string? TraceId { get; init; }

    /// <summary>Time of its Redis commands; that of commands side by side adds up and may exceed the whole.</summary>
    public TimeSpan RedisTime { get; init; }

    /// <summary>How many Redis commands it sent and awaited.</summary>
    public int RedisCommands { get; init; }

    /// <summary>Time of its database queries; that of queries side by side adds up and may exceed the whole.</summary>
    public TimeSpan QueryTime { get; init; }

    /// <summary>How many database queries it ran.</summary>
    public int Queries { get; init; }

    /// <summary>Whether a cache had the answer; null when none was asked.</summary>
    public bool? CacheHit { get; init; }

    /// <summary>Who asked, as in <see cref="RequestActivity.Id"/>; null when unknown.</summary>
    public string? UserId { get; init; }

    /// <summary>On whose behalf, as in <see cref="RequestActivity.Id"/>; null when unknown.</summary>
    public string? TenantId { get; init; }

    /// <summary>Its named parts, in the order in which each ended first.</summary>
    public IReadOnlyList<RequestPhase> Phases { get; init; } = [];

    internal SlowOperationEvent ToEvent(string name, TimeSpan threshold) => new(SlowOperationKind.Request, name, Duration, threshold, Outcome)
    {
        Detail = string.Create(
            CultureInfo.InvariantCulture, $"Redis {RedisTime.TotalMilliseconds:0.#} ms in {RedisCommands} commands, queries {QueryTime.TotalMilliseconds:0.#} ms in {Queries}{PhaseText}"),
        TraceId = TraceId,
    };

    private string Outcome => StatusCode is { } status ? $"status {status.ToString(CultureInfo.InvariantCulture)}" : Success ? "succeeded" : "failed";

    private string PhaseText => string.Concat(Phases.Select(static phase => string.Create(CultureInfo.InvariantCulture, $", {phase.Name} {phase.Duration.TotalMilliseconds:0.#} ms")));
}
