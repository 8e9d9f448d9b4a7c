namespace Monitoring.Redis.Diagnostics;

/// <summary>What a server did between two polls; nothing is known of the time before the first.</summary>
internal sealed class ServerDelta
{
    private readonly ServerTotals _now;
    private readonly ServerTotals? _before;

    public ServerDelta(ServerTotals now, ServerTotals? before, TimeSpan elapsed)
    {
        (_now, _before) = (now, before);
        Elapsed = elapsed;
        Commands = before is null ? [] : FindCommands(now, before);
    }

    /// <summary>The commands that ran, those that took the most time first.</summary>
    public IReadOnlyList<(string Name, long Calls, long Microseconds)> Commands { get; }

    /// <summary>Whether the time of commands is known at both ends.</summary>
    public bool HasTimes => _before is { HasTimes: true } && _now.HasTimes;

    public long? Rejected => Added(static totals => totals.Rejected);

    public long? Lookups => Added(static totals => totals.Hits) + Added(static totals => totals.Misses);

    public double? HitRatePercent => Lookups > 0 ? RedisOperationSummary.Percent(Added(static totals => totals.Hits) ?? 0, Lookups.Value) : null;

    public Dictionary<string, long> Errors => _before is not { } before ? [] : _now.Errors
        .Select(error => (error.Key, Count: ServerTotals.Added(error.Value, before.Errors.GetValueOrDefault(error.Key)) ?? 0))
        .Where(static error => error.Count > 0)
        .ToDictionary(static error => error.Key, static error => error.Count);

    private TimeSpan Elapsed { get; }

    public double? PerSecond(Func<ServerTotals, long?> count) => Elapsed > TimeSpan.Zero ? Added(count) / Elapsed.TotalSeconds : null;

    public double? BusyPercent => HasTimes && Elapsed > TimeSpan.Zero
        ? RedisOperationSummary.Percent(Commands.Sum(static command => command.Microseconds), (long)Elapsed.TotalMicroseconds)
        : null;

    public void AddTo(RedisServerTime time)
    {
        if (!HasTimes)
        {
            return;
        }

        foreach (var (name, calls, microseconds) in Commands)
        {
            time.Add(name, calls, microseconds);
        }

        time.AddObserved(Elapsed);
    }

    private long? Added(Func<ServerTotals, long?> count) => _before is null ? null : ServerTotals.Added(count(_now), count(_before));

    private static (string, long, long)[] FindCommands(ServerTotals now, ServerTotals before)
    {
        var commands = new List<(string Name, long Calls, long Microseconds)>();

        // Not asked, or not answered, at the time before: the totals of the whole run are no difference.
        foreach (var (name, total) in before.Commands.Count > 0 ? now.Commands : [])
        {
            var earlier = before.Commands.GetValueOrDefault(name);

            // Calls and time go back together.
            var (calls, microseconds) = total.Calls < earlier.Calls || total.Microseconds < earlier.Microseconds
                ? total
                : (total.Calls - earlier.Calls, total.Microseconds - earlier.Microseconds);
            if (calls > 0)
            {
                commands.Add((name, calls, microseconds));
            }
        }

        return [.. commands.OrderByDescending(static command => command.Microseconds).ThenByDescending(static command => command.Calls)];
    }
}
