using Microsoft.AspNetCore.Http;
using Monitoring.Alerts;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>A silence as it is to be. It ends at <c>endsAt</c>, or <c>durationMs</c> after its start or after now, whichever is later.</summary>
internal sealed record SilenceRequest
{
    private const double LongestDuration = 366.0 * 24 * 60 * 60 * 1000;

    public IReadOnlyList<LabelMatcher>? Matchers { get; init; }

    public DateTimeOffset? StartsAt { get; init; }

    public DateTimeOffset? EndsAt { get; init; }

    public double? DurationMs { get; init; }

    public string? Author { get; init; }

    public string? Reason { get; init; }

    /// <summary>Reads the body, or says what is wrong with it.</summary>
    public static Task<(SilenceRequest? Request, IResult? Problem)> ReadAsync(HttpRequest request) =>
        RequestBody.ReadAsync<SilenceRequest>(
            request,
            """{"matchers": [{"label": "alertname", "value": "redis-.*", "isRegex": true}], "durationMs": 3600000, "reason": "why"}""",
            static body => [("author", body.Author), ("reason", body.Reason)]);

    /// <summary>The silence that is asked for: what is left out is as in <paramref name="before"/>.</summary>
    public (Silence? Silence, IResult? Problem) Apply(Silence before, DateTimeOffset now)
    {
        if (DurationMs is not (null or (>= 1000 and <= LongestDuration)))
        {
            return (null, Problems.BadField("durationMs", $"{DurationMs} is not a duration; allowed: 1000 to {LongestDuration} (366 days)."));
        }

        if (DurationMs is not null && EndsAt is not null)
        {
            return (null, Problems.BadField("durationMs", "set beside endsAt; allowed: one of them."));
        }

        var start = StartsAt ?? (before.StartsAt == default ? now : before.StartsAt);
        return (
            before with
            {
                Matchers = Matchers ?? before.Matchers,
                StartsAt = start,
                EndsAt = DurationMs is { } duration ? Later(start, now).AddMilliseconds(duration) : EndsAt ?? before.EndsAt,
                Author = Author ?? before.Author,
                Reason = Reason ?? before.Reason,
            },
            null);
    }

    // Only who sends nonsense starts in the year 9999; the sum must not throw then.
    private static DateTimeOffset Later(DateTimeOffset start, DateTimeOffset now) =>
        start <= now ? now : start < DateTimeOffset.MaxValue.AddDays(-367) ? start : DateTimeOffset.MaxValue.AddDays(-367);
}
