namespace Monitoring.Alerts.Outbox;

/// <summary>
/// A channel's clock: its time follows the timestamps, so that setting the system's clock neither delays nor hurries a
/// notice, and it tells when the channel begins to wait for a timer, by which a test knows that nothing will happen
/// before.
/// </summary>
/// <param name="inner">The clock of the monitor.</param>
/// <param name="timerSet">Called after a timer is set, with the time when it fires.</param>
internal sealed class ChannelClock(TimeProvider inner, Action<TimeSpan> timerSet) : TimeProvider
{
    private readonly DateTimeOffset _origin = inner.GetUtcNow();
    private readonly long _start = inner.GetTimestamp();

    /// <summary>Time since the channel was made.</summary>
    public TimeSpan Now => inner.GetElapsedTime(_start);

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => inner.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => _origin + Now;

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new NotedTimer(this, inner.CreateTimer(callback, state, dueTime, period));
        Note(dueTime);
        return timer;
    }

    private void Note(TimeSpan dueTime)
    {
        if (dueTime >= TimeSpan.Zero)
        {
            timerSet(Now + dueTime);
        }
    }

    // A timer may be made first and set later.
    private sealed class NotedTimer(ChannelClock clock, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var changed = timer.Change(dueTime, period);
            clock.Note(dueTime);
            return changed;
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
