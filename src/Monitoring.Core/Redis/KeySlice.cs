namespace Monitoring.Redis;

/// <summary>What a sketch held of one pattern: the true figures lie between the two.</summary>
internal readonly record struct KeyUsage(string Pattern, PerOrder Counted, PerOrder Estimate);

/// <summary>What a sketch held at the end of a slice. Immutable.</summary>
/// <param name="Number">Number of the slice.</param>
/// <param name="Usages">The patterns it had counters for.</param>
/// <param name="Minimum">What any other pattern can have had at most.</param>
internal sealed record KeySlice(long Number, KeyUsage[] Usages, PerOrder Minimum);
