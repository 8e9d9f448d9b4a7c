using StackExchange.Redis;

namespace Monitoring.Redis.Probes;

/// <summary>
/// Finds keys for a system that keeps no list of its queues. A poll takes a few steps of SCAN and the next one carries on, so
/// a large database costs several polls and no poll much. Used by one poll at a time.
/// </summary>
/// <param name="pattern">The pattern of the keys.</param>
/// <param name="type">The type of the keys; null for any.</param>
internal sealed class KeyScan(string pattern, string? type = null)
{
    private const int StepsEachPoll = 10;
    private const int KeysEachStep = 1000;
    private const int MostFound = 1000;

    private readonly HashSet<string> _finding = new(StringComparer.Ordinal);
    private HashSet<string>? _found;
    private int _primary;
    private string _cursor = "0";

    /// <summary>What is known so far: of the last pass over all keys, and of the one that is under way. Null when Redis refuses.</summary>
    public async Task<IReadOnlyCollection<string>?> ContinueAsync(ProbeQuestions ask)
    {
        for (var step = 0; step < StepsEachPoll; step++)
        {
            if (_primary >= ask.Primaries)
            {
                (_primary, _cursor) = (0, "0");
            }

            object[] arguments = [_cursor, "MATCH", pattern, "COUNT", KeysEachStep, .. type is null ? Array.Empty<object>() : ["TYPE", type]];
            if (ask.Primaries == 0 || await ask.AskPrimaryAsync(_primary, "discovery", "SCAN", arguments).ConfigureAwait(false) is not { Length: 2 } reply)
            {
                return _found;
            }

            foreach (var key in ((string?[]?)reply[1] ?? []).OfType<string>().TakeWhile(_ => _finding.Count < MostFound))
            {
                _finding.Add(key);
            }

            _cursor = (string?)reply[0] ?? "0";
            if (_cursor == "0" && ++_primary >= ask.Primaries)
            {
                _found = [.. _finding];
                _finding.Clear();
                return _found;
            }
        }

        return [.. _found ?? [], .. _finding];
    }

    /// <summary>The text as a pattern that only it matches.</summary>
    public static string Escape(string text)
    {
        foreach (var special in (ReadOnlySpan<string>)["\\", "*", "?", "[", "]"])
        {
            text = text.Replace(special, "\\" + special, StringComparison.Ordinal);
        }

        return text;
    }
}
