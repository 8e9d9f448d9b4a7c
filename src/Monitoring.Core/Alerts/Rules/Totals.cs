using Monitoring.Latency;

namespace Monitoring.Alerts.Rules;

/// <summary>What a sum and a count were at the end of a slice of time; a window is the difference of two.</summary>
internal readonly record struct Totals(double Sum, long Count) : ISlice<Totals>
{
    public static Totals Merge(ReadOnlySpan<Slice<Totals>> slices) => slices[^1].Value;
}
