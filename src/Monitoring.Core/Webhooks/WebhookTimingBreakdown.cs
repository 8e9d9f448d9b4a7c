namespace Monitoring.Webhooks;

/// <summary>Where the time of one webhook went. Immutable.</summary>
public sealed class WebhookTimingBreakdown
{
    /// <summary>The endpoint that handled it, such as <c>github</c>.</summary>
    public required string Endpoint { get; init; }

    /// <summary>When its handling began; the default value when unknown.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Time from the first byte to the response.</summary>
    public TimeSpan Total { get; init; }

    /// <summary>The phases it went through, in the order in which each began first; the list is copied.</summary>
    public IReadOnlyList<WebhookPhaseTime> Phases
    {
        get;
        init => field = [.. (value ?? []).Where(time => time is not null)];
    } = [];

    /// <summary>HTTP status of the response; null when not told.</summary>
    public int? StatusCode { get; init; }

    /// <summary>The trace that it belongs to, 32 hexadecimal digits; null when there was none.</summary>
    public string? TraceId { get; init; }
}
