namespace Monitoring.Requests;

/// <summary>How often each of a few statements ran, and for how long together. For one thread at a time.</summary>
internal sealed class StatementCounts
{
    /// <summary>How many statements are told apart.</summary>
    public const int Capacity = 32;

    private readonly ulong[] _fingerprints = new ulong[Capacity];
    private readonly int[] _counts = new int[Capacity];
    private readonly long[] _ticks = new long[Capacity];
    private int _used;

    /// <summary>Counts one; returns how often it ran, or 1 when it found no place.</summary>
    public int Add(ulong fingerprint, long ticks, out long together)
    {
        var at = _fingerprints.AsSpan(0, _used).IndexOf(fingerprint);
        if (at >= 0)
        {
            together = _ticks[at] += ticks;
            return ++_counts[at];
        }

        if (_used < Capacity)
        {
            _fingerprints[_used] = fingerprint;
            _ticks[_used] = ticks;
            _counts[_used++] = 1;
        }

        together = ticks;
        return 1;
    }

    public void Clear() => _used = 0;
}
