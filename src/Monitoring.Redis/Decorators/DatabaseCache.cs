using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>
/// The client hands out one object for each of its first databases; so do we. Keyed by the inner object, so that a client
/// that does not cache keeps its own semantics. Thread-safe, lock-free; of two racing callers one wrapper is forgotten.
/// </summary>
internal sealed class DatabaseCache(Func<IDatabase, object?, IDatabase> wrap)
{
    // The default database (-1) and the sixteen that a server has unless it is told otherwise.
    private const int Cached = 17;
    private readonly Entry?[] _entries = new Entry?[Cached];

    /// <summary>The wrapper of <paramref name="inner"/>. Allocates nothing when it is known.</summary>
    public IDatabase Get(IDatabase inner, int database, object? asyncState)
    {
        var index = database + 1;
        if (asyncState is not null || (uint)index >= Cached)
        {
            return wrap(inner, asyncState);
        }

        var entry = Volatile.Read(ref _entries[index]);
        if (entry is null || !ReferenceEquals(entry.Inner, inner))
        {
            entry = new Entry(inner, wrap(inner, null));
            Volatile.Write(ref _entries[index], entry);
        }

        return entry.Wrapper;
    }

    private sealed record Entry(IDatabase Inner, IDatabase Wrapper);
}
