namespace Monitoring.Redis.Streams;

/// <summary>
/// Divides turns among priorities by weight, evenly spread: smooth weighted round robin, as in nginx
/// (ngx_http_upstream_round_robin). Used by one loop.
/// </summary>
internal sealed class PriorityTurns(int high, int normal, int low)
{
    private readonly int[] _weights = [high, normal, low];
    private readonly int[] _credits = new int[StreamKeys.Priorities];

    /// <summary>How many of the next <paramref name="count"/> turns belong to each priority.</summary>
    public int[] Take(int count)
    {
        var shares = new int[StreamKeys.Priorities];
        for (var turn = 0; turn < count; turn++)
        {
            shares[Next()]++;
        }

        return shares;
    }

    private int Next()
    {
        var best = 0;
        for (var i = 0; i < _weights.Length; i++)
        {
            _credits[i] += _weights[i];
            best = _credits[i] > _credits[best] ? i : best;
        }

        _credits[best] -= _weights.Sum();
        return best;
    }
}
