namespace Monitoring.Services;

/// <summary>The services that this one depends on over one window. Zeros everywhere when there was nothing. Immutable.</summary>
public sealed class ServiceSummary
{
    /// <summary>How far back it looks; an hour at most.</summary>
    public TimeSpan Window { get; init; }
}
