namespace Monitoring.Requests;

/// <summary>How often each of a few statements ran. For one thread at a time.</summary>
internal sealed class StatementCounts
{
    /// <summary>How many statements are told apart.</summary>
    public const int Capacity = 32;

    private readonly ulong[] _fingerprints = new ulong[Capacity];
    private readonly int[] _counts = new int[Capacity];
    private int _used;

    /// <summary>Counts one; returns how often it ran, or 1 when it found no place.</summary>
    public int Add(ulong fingerprint)
    {
        var at = _fingerprints.AsSpan(0, _used).IndexOf(fingerprint);
        if (at >= 0)
        {
            return ++_counts[at];
        }

        if (_used < Capacity)
        {
            _fingerprints[_used] = fingerprint;
            _counts[_used++] = 1;
        }

        return 1;
    }

    public void Clear() => _used = 0;
}
