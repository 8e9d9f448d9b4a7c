using Monitoring.Latency;
using Monitoring.Telemetry;

namespace Monitoring.Webhooks;

/// <summary>Phase timing of webhook handlers.</summary>
public sealed class WebhookMonitor(SliceClock clock, WebhookOptions options) : IMetricSource
{
    private readonly SliceClock _clock = clock;
    private readonly WebhookOptions _options = options;

    /// <summary>Starts timing one webhook; dispose the timing to record it.</summary>
    public WebhookTiming Begin(string endpoint) => throw new NotImplementedException();

    /// <summary>Records a webhook that was timed elsewhere.</summary>
    public void Record(WebhookTimingBreakdown breakdown) => throw new NotImplementedException();

    /// <summary>Everything known about the last <paramref name="window"/>; an hour by default.</summary>
    public WebhookTimingSummary GetSummary(TimeSpan? window = null) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Collect(ICollection<MetricReading> readings, TimeSpan window) => throw new NotImplementedException();
}
