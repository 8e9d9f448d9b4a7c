namespace Monitoring.Redis.Probes;

/// <summary>Knows where one system keeps what. Used by one poll at a time.</summary>
internal interface IQueueReader
{
    /// <summary>Every queue there is, as far as this poll found out; null when that cannot be told this time.</summary>
    Task<IReadOnlyCollection<string>?> DiscoverAsync(ProbeQuestions ask);

    /// <summary>The figures of these queues, and those of the system where it has some.</summary>
    Task<IReadOnlyList<QueueFigures>> ReadAsync(ProbeQuestions ask, IReadOnlyList<string> queues);
}
