using Monitoring.Latency;

namespace Monitoring.Redis;

/// <summary>
/// What one server says it spent on executing commands, from the differences between two polls. Execution only: no
/// network and no waiting, and all clients together. A difference counts from the moment at which it was read, so a window
/// holds whole polls; <see cref="GetObserved"/> says how much time they stand for. Thread-safe; 256 commands are told
/// apart, the rest is <c>OTHER</c>, for each that ran within the hour takes up to 10 KB.
/// </summary>
internal sealed class RedisServerTime(SliceClock clock)
{
    // With the entry that the others share, 256 commands.
    private const int CommandLimit = 255;

    private readonly SeriesTable<CommandTime> _commands = new(CommandLimit, _ => new CommandTime(clock), StringComparer.OrdinalIgnoreCase);
    private readonly WindowedCounter _calls = new(clock);
    private readonly WindowedCounter _busy = new(clock);
    private readonly WindowedCounter _observed = new(clock);

    /// <summary>Adds what a command took between two polls.</summary>
    /// <param name="command">Redis command, such as <c>GET</c> or <c>XINFO GROUPS</c>.</param>
    /// <param name="calls">How often it was executed.</param>
    /// <param name="microseconds">How long that took together.</param>
    public void Add(string command, long calls, long microseconds)
    {
        var time = _commands.Get(command);
        time.Calls.Add(calls);
        time.Microseconds.Add(microseconds);
        _calls.Add(calls);
        _busy.Add(microseconds);
    }

    /// <summary>Says how much time the differences of one poll stand for.</summary>
    public void AddObserved(TimeSpan elapsed) => _observed.Add((long)elapsed.TotalMicroseconds);

    /// <summary>How much time the polls within the window stand for; zero when there was none, and up to one poll more than the window.</summary>
    public TimeSpan GetObserved(TimeSpan window) => TimeSpan.FromMicroseconds(_observed.GetCount(window));

    /// <summary>Mean execution time of a command over the polls within the window; null when the server executed none, or was not asked.</summary>
    public TimeSpan? GetMean(string command, TimeSpan window)
    {
        var time = _commands.Get(command);
        var calls = time.Calls.GetCount(window);
        return calls > 0 ? TimeSpan.FromMicroseconds((double)time.Microseconds.GetCount(window) / calls) : null;
    }

    /// <summary>Mean execution time of all commands over the polls within the window; null when the server executed none, or was not asked.</summary>
    public TimeSpan? GetMean(TimeSpan window)
    {
        var calls = _calls.GetCount(window);
        return calls > 0 ? TimeSpan.FromMicroseconds((double)_busy.GetCount(window) / calls) : null;
    }

    /// <summary>
    /// Share of the time in which the server executed commands, percent of one thread, over the polls within the window;
    /// null when it was not asked. A command that runs others (<c>EXEC</c>, scripts) counts with them: 100 at most.
    /// </summary>
    public double? GetBusyPercent(TimeSpan window)
    {
        var observed = _observed.GetCount(window);
        return observed > 0 ? RedisOperationSummary.Percent(_busy.GetCount(window), observed) : null;
    }

    private sealed class CommandTime(SliceClock clock)
    {
        public WindowedCounter Calls { get; } = new(clock);

        public WindowedCounter Microseconds { get; } = new(clock);
    }
}
