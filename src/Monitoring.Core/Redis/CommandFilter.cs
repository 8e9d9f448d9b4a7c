namespace Monitoring.Redis;

/// <summary>Which commands are recorded, by their names without regard to case. Immutable.</summary>
internal sealed class CommandFilter
{
    private readonly HashSet<string> _included;
    private readonly HashSet<string> _excluded;

    private CommandFilter(HashSet<string> included, HashSet<string> excluded)
    {
        _included = included;
        _excluded = excluded;
    }

    /// <summary>The filter that the options ask for; null when all commands are recorded.</summary>
    public static CommandFilter? Of(RedisMonitoringOptions options) =>
        options.IncludeCommands.Count + options.ExcludeCommands.Count == 0 ? null : new CommandFilter(Names(options.IncludeCommands), Names(options.ExcludeCommands));

    public bool Records(string command) => (_included.Count == 0 || _included.Contains(command)) && !_excluded.Contains(command);

    private static HashSet<string> Names(IEnumerable<string> commands) =>
        commands.Select(static command => command.Trim()).ToHashSet(StringComparer.OrdinalIgnoreCase);
}
