namespace Monitoring.Backpressure;

/// <summary>
/// A signal with hysteresis: sets above its threshold, clears once the value has stayed below a lower one for some time. The
/// thresholds come with every value, so that they may change. Not thread-safe.
/// </summary>
internal sealed class LatchedSignal(TimeProvider timeProvider)
{
    private long? _belowSince;

    public bool IsSet { get; private set; }

    /// <param name="value">The value; null, for unknown, counts as below.</param>
    /// <param name="threshold">Above it the signal sets.</param>
    /// <param name="clearBelow">Below it the signal begins to clear.</param>
    /// <param name="clearAfter">How long it has to stay there.</param>
    public bool Update(double? value, double threshold, double clearBelow, TimeSpan clearAfter)
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
