using System.Diagnostics;

namespace Monitoring.Requests;

/// <summary>
/// What one request, or another operation, spends on what it calls: found, by those that record Redis commands and database
/// queries, through the <see cref="Activity"/> that it runs in or an ancestor of that. Thread-safe.
/// </summary>
internal sealed class OperationScope
{
    /// <summary>The innermost operation that the activity belongs to and that is still going on; null when there is none.</summary>
    public static OperationScope? Find(Activity? activity) => null;

    /// <summary>The endpoint, or the name of the operation.</summary>
    public string Name { get; } = "";

    /// <summary>Counts a Redis command and its time, in ticks of <see cref="Stopwatch"/>.</summary>
    public void AddRedis(long ticks)
    {
    }

    /// <summary>Counts a query and its time, in ticks of <see cref="Stopwatch"/>.</summary>
    /// <returns>How often a statement of that fingerprint ran in this operation, this time included.</returns>
    public int AddQuery(ulong fingerprint, long ticks) => 1;
}
