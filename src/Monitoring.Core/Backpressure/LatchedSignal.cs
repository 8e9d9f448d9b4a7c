namespace Monitoring.Backpressure;

/// <summary>
/// A threshold with hysteresis: sets above it, clears once the value has stayed below <paramref name="clearBelow"/> for
/// <paramref name="clearAfter"/>. Not thread-safe.
/// </summary>
internal sealed class LatchedSignal(double threshold, double clearBelow, TimeSpan clearAfter, TimeProvider timeProvider)
{
    private long? _belowSince;

    public bool IsSet { get; private set; }

    /// <param name="value">The value; null, for unknown, counts as below.</param>
    public bool Update(double? value)
    {
        if (value > threshold)
        {
            IsSet = true;
            _belowSince = null;
        }
        else if (IsSet && !(value >= clearBelow))
        {
            _belowSince ??= timeProvider.GetTimestamp();
            IsSet = timeProvider.GetElapsedTime(_belowSince.Value) < clearAfter;
        }
        else
        {
            _belowSince = null;
        }

        return IsSet;
    }
}
