namespace Monitoring.Requests;

/// <summary>Requests and other operations over one window. Zeros everywhere when there was nothing. Immutable.</summary>
public sealed class RequestSummary
{
    /// <summary>How far back it looks; an hour at most.</summary>
    public TimeSpan Window { get; init; }
}
