namespace Monitoring.Simulation;

/// <summary>The part of a page that a command writes.</summary>
internal static class MarkedText
{
    public const string Begin = "<!-- eng/simulate backpressure -->\n";
    public const string End = "<!-- end -->\n";

    /// <summary>What stands between the two lines; null where they are not.</summary>
    public static string? Find(string page)
    {
        var begin = page.IndexOf(Begin, StringComparison.Ordinal);
        var end = begin < 0 ? -1 : page.IndexOf(End, begin, StringComparison.Ordinal);
        return end < 0 ? null : page[(begin + Begin.Length)..end];
    }
}
