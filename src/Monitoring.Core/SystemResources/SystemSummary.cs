namespace Monitoring.SystemResources;

/// <summary>Processor, memory, disks, network and the runtime over one window. Zeros everywhere when there was nothing. Immutable.</summary>
public sealed class SystemSummary
{
    /// <summary>How far back it looks; an hour at most.</summary>
    public TimeSpan Window { get; init; }
}
