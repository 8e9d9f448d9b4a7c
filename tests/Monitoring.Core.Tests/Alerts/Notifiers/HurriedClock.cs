using System.Collections.Concurrent;

namespace Monitoring.Core.Tests.Alerts.Notifiers;

/// <summary>A clock on which waiting takes a hundredth of the time, and which remembers what was waited for; its date stands still.</summary>
internal sealed class HurriedClock : TimeProvider
{
    public ConcurrentQueue<TimeSpan> Waits { get; } = new();

    public override DateTimeOffset GetUtcNow() => new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Waits.Enqueue(dueTime);
        return new Timer(base.CreateTimer(callback, state, Hurry(dueTime), Hurry(period)), Waits);
    }

    private static TimeSpan Hurry(TimeSpan time) => time > TimeSpan.Zero ? time / 100 : time;

    private sealed class Timer(ITimer inner, ConcurrentQueue<TimeSpan> waits) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            waits.Enqueue(dueTime);
            return inner.Change(Hurry(dueTime), Hurry(period));
        }

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
