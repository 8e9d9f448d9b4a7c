namespace Monitoring.Latency;

/// <summary>The last values of something, bounded: a new one pushes out the oldest. Thread-safe.</summary>
public sealed class RecentList<T>(int capacity)
{
    /// <summary>How many values are kept at most.</summary>
    public int Capacity { get; } = capacity;

    /// <summary>Adds a value.</summary>
    public void Add(T value) => throw new NotImplementedException();

    /// <summary>The kept values, newest first.</summary>
    public IReadOnlyList<T> ToList() => throw new NotImplementedException();
}
