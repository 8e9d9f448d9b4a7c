using System.Globalization;
using Monitoring.Telemetry;

namespace Monitoring.Webhooks;

/// <summary>What the log says of a slow webhook: how it ended and where its time went.</summary>
internal static class SlowWebhook
{
    private const int MostPhases = 5;

    public static SlowOperationEvent Describe(WebhookTimingBreakdown breakdown, TimeSpan threshold) => new(
        SlowOperationKind.Webhook, breakdown.Endpoint, breakdown.Total, threshold, breakdown.StatusCode is { } status ? Text($"status {status}") : "completed")
    {
        Detail = breakdown.Phases.Count == 0 ? null : string.Join(", ", breakdown.Phases
            .OrderByDescending(static phase => phase.Self)
            .Take(MostPhases)
            .Select(static phase => Text($"{phase.Name} {phase.Self.TotalMilliseconds:0.#} ms"))),
        TraceId = breakdown.TraceId,
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
