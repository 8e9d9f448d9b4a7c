namespace Monitoring.Webhooks;

/// <summary>Times one webhook and its phases, from creation to disposal.</summary>
public sealed class WebhookTiming : IDisposable
{
    /// <summary>Times a phase until the result is disposed. Phases nest and may run in parallel.</summary>
    public IDisposable Measure(WebhookPhase phase) => throw new NotImplementedException();

    /// <summary>Ends the timing and records it; a second call does nothing.</summary>
    public void Dispose() => throw new NotImplementedException();
}
