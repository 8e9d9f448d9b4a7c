using Monitoring.Alerts;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>A silence, and where it is in its time.</summary>
internal sealed record SilenceResponse(
    string Id, SilenceState State, IReadOnlyList<LabelMatcher> Matchers, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string Author, string Reason, DateTimeOffset CreatedAt)
{
    public static SilenceResponse Of(Silence silence, DateTimeOffset now) =>
        new(silence.Id, silence.GetState(now), silence.Matchers, silence.StartsAt, silence.EndsAt, silence.Author, silence.Reason, silence.CreatedAt);
}

/// <summary>The silences that have not ended long ago, those that end last first.</summary>
internal sealed record SilencesResponse(IReadOnlyList<SilenceResponse> Silences);
