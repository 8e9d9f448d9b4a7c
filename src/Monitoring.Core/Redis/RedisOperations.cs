using Monitoring.Latency;

namespace Monitoring.Redis;

/// <summary>
/// The recorders of all operations, one for each command of each server, 1,024 at most; those beyond share one. Thread-safe;
/// finding a known one takes no lock and allocates nothing.
/// </summary>
internal sealed class RedisOperations
{
    // With the entry that the others share, 1,024.
    private const int Limit = 1023;
    private const int LongestCommand = 128;
    private const int LongestEndPoint = 256;

    // In no command that a server knows and in no endpoint.
    private const char Separator = '\n';

    private readonly SeriesTable<RedisOperationRecorder> _recorders;
    private volatile CommandFilter? _filter;

    public RedisOperations(SliceClock clock) =>
        _recorders = new SeriesTable<RedisOperationRecorder>(
            Limit, name => Make(name, clock), StringComparer.OrdinalIgnoreCase, LongestCommand + 1 + LongestEndPoint);

    /// <summary>Which commands are recorded; null for all.</summary>
    public CommandFilter? Filter
    {
        get => _filter;
        set => _filter = value;
    }

    /// <summary>How often an operation was looked for that there was no room for.</summary>
    public long Overflowed => _recorders.Overflowed;

    /// <summary>All recorders, in no order.</summary>
    public RedisOperationRecorder[] All => _recorders.All;

    /// <summary>The recorder of a command on a server; on any, where <paramref name="endPoint"/> is null.</summary>
    public RedisOperationRecorder Get(string? operation, string? endPoint)
    {
        if (string.IsNullOrWhiteSpace(operation) || operation.Length > LongestCommand || endPoint is { Length: > LongestEndPoint })
        {
            return _recorders.Get(null);
        }

        if (endPoint is null)
        {
            return _recorders.Get(operation);
        }

        Span<char> name = stackalloc char[operation.Length + 1 + endPoint.Length];
        operation.CopyTo(name);
        name[operation.Length] = Separator;
        endPoint.CopyTo(name[(operation.Length + 1)..]);
        return _recorders.Get(name);
    }

    /// <summary>What happened within the last <paramref name="window"/>.</summary>
    public RedisOperationsWindow Read(TimeSpan window) => RedisOperationsWindow.Of(_recorders.All, window);

    /// <summary>The recorders by command, over all servers.</summary>
    public IEnumerable<IGrouping<string, RedisOperationRecorder>> ByCommand() =>
        _recorders.All.GroupBy(static recorder => recorder.Operation, StringComparer.Ordinal);

    private RedisOperationRecorder Make(string name, SliceClock clock)
    {
        var separator = name.IndexOf(Separator, StringComparison.Ordinal);
        return separator < 0
            ? new RedisOperationRecorder(name.ToUpperInvariant(), null, this, clock)
            : new RedisOperationRecorder(name[..separator].ToUpperInvariant(), name[(separator + 1)..], this, clock);
    }
}
