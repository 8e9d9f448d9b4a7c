namespace Monitoring.Webhooks;

/// <summary>
/// How long at least one of something was going on: those that overlap count once. Times are timestamps of the monitor's
/// clock. For one thread at a time.
/// </summary>
internal struct ActivityClock
{
    private int _active;
    private long _since;
    private long _total;

    /// <summary>One more is going on.</summary>
    public void Enter(long now)
    {
        if (_active++ == 0)
        {
            _since = now;
        }
    }

    /// <summary>One of them has ended.</summary>
    public void Leave(long now)
    {
        if (--_active == 0)
        {
            _total += now - _since;
        }
    }

    /// <summary>The time so far, as if everything ended now.</summary>
    public readonly long GetTotal(long now) => _total + (_active > 0 ? now - _since : 0);
}
