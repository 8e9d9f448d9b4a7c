using StackExchange.Redis;

namespace Monitoring.Redis.Diagnostics;

/// <summary>What one server does not know or refuses: it is not asked for it again. Used by one poll at a time.</summary>
internal sealed class Refusals
{
    private readonly HashSet<string> _items = new(StringComparer.Ordinal);
    private readonly List<string> _unreported = [];

    // A new list with each refusal: summaries hold on to it.
    public IReadOnlyList<string> Items { get; private set; } = [];

    public bool Contains(string item) => _items.Contains(item);

    public void Add(string item, string reason)
    {
        if (_items.Add(item))
        {
            Items = [.. _items.Order(StringComparer.Ordinal)];
            _unreported.Add($"{item} ({reason})");
        }
    }

    /// <summary>How many things are not asked for.</summary>
    public int Count => _items.Count;

    /// <summary>What came since this was last asked, for one line of the log; null if nothing did.</summary>
    public string? TakeUnreported()
    {
        if (_unreported.Count == 0)
        {
            return null;
        }

        var text = string.Join(", ", _unreported.Order(StringComparer.Ordinal));
        _unreported.Clear();
        return text;
    }

    /// <summary>
    /// The error's prefix when it will be the same next time; null for one that passes, such as <c>LOADING</c>, <c>BUSY</c>
    /// or <c>MASTERDOWN</c>.
    /// </summary>
    public static string? FinalReason(Exception exception) => exception switch
    {
        RedisServerException when exception.Message.StartsWith("NOPERM", StringComparison.Ordinal) => "NOPERM",
        RedisServerException when exception.Message.StartsWith("ERR", StringComparison.Ordinal) => "ERR",
        RedisServerException when exception.Message.StartsWith("WRONGTYPE", StringComparison.Ordinal) => "WRONGTYPE",
        RedisCommandException => "command map",
        _ => null,
    };
}
