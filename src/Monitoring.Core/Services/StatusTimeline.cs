namespace Monitoring.Services;

/// <summary>When a service had which status, for the last 1,024 changes: what is before the oldest is not known.</summary>
internal sealed class StatusTimeline
{
    private const int Capacity = 1024;

    private readonly Queue<(TimeSpan At, ServiceStatus Status)> _changes = new();

    public void Add(TimeSpan at, ServiceStatus status)
    {
        _changes.Enqueue((at, status));
        if (_changes.Count > Capacity)
        {
            _changes.Dequeue();
        }
    }

    /// <summary>How long the service was not critical, of how long its status is known, between two times.</summary>
    public (TimeSpan Up, TimeSpan Observed) Uptime(TimeSpan from, TimeSpan to)
    {
        TimeSpan up = default, observed = default;
        (TimeSpan At, ServiceStatus Status)? last = null;
        foreach (var change in _changes)
        {
            Add(change.At);
            last = change;
        }

        Add(to);
        return (up, observed);

        void Add(TimeSpan until)
        {
            if (last is { } state && state.Status != ServiceStatus.Unknown)
            {
                var length = (until < to ? until : to) - (state.At > from ? state.At : from);
                if (length > TimeSpan.Zero)
                {
                    observed += length;
                    up += state.Status == ServiceStatus.Critical ? default : length;
                }
            }
        }
    }
}
