using System.Diagnostics;

namespace Monitoring.Requests;

/// <summary>One finished request, or another operation such as a job or a call of a model.</summary>
/// <param name="Endpoint">Route template (<c>/orders/{id}</c>) or name of the operation; bounded, never the raw path. Counts as <c>OTHER</c> when it is empty or longer than 256 characters.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Success">Whether the service did its part. A status of 500 or more is a failure whatever this says; one of 4xx is the caller's.</param>
public readonly record struct RequestMetric(string Endpoint, TimeSpan Duration, bool Success = true)
{
    /// <summary>The HTTP status of a client that went away before the answer was there; nginx coined it.</summary>
    public const int ClientClosedRequest = 499;

    /// <summary>HTTP method; null when it is no HTTP request.</summary>
    public string? Method { get; init; }

    /// <summary>HTTP status; null when it is no HTTP request.</summary>
    public int? StatusCode { get; init; }

    /// <summary>Whether a cache had the answer; null when none was asked.</summary>
    public bool? CacheHit { get; init; }

    /// <summary>Who asked; kept as a hash only, unless <see cref="RequestOptions.CaptureRawIds"/>. Null when unknown.</summary>
    public string? UserId { get; init; }

    /// <summary>On whose behalf; kept as a hash only, unless <see cref="RequestOptions.CaptureRawIds"/>. Null when unknown.</summary>
    public string? TenantId { get; init; }

    /// <summary>The trace that it belongs to, 32 hexadecimal digits; null when there is none.</summary>
    public string? TraceId { get; init; }

    /// <summary>When it began; the default value for just before it is recorded.</summary>
    public DateTimeOffset StartedAt { get; init; }

    internal bool Failed => !Success || StatusCode >= 500;

    internal static string? TraceOf(Activity? activity) => activity is { IdFormat: ActivityIdFormat.W3C } ? activity.TraceId.ToHexString() : null;
}
