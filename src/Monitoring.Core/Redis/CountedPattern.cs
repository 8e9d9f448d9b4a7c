namespace Monitoring.Redis;

/// <summary>
/// A pattern in a sketch. Its true figures lie between <see cref="Counted"/> and <see cref="Estimate"/>.
/// </summary>
internal sealed class CountedPattern
{
    private const int Absent = -1;

    private readonly int[] _positions = [Absent, Absent, Absent];

    public string Pattern { get; private set; } = "";

    /// <summary>What was added since the pattern is in the sketch.</summary>
    public PerOrder Counted;

    /// <summary>What the heaps order by; without meaning for an order in whose heap it is not.</summary>
    public PerOrder Estimate;

    /// <summary>Whether no heap has it.</summary>
    public bool IsAbsent => _positions[PerOrder.Calls] == Absent && _positions[PerOrder.Time] == Absent && _positions[PerOrder.Bytes] == Absent;

    public bool IsIn(int order) => _positions[order] != Absent;

    public int PositionIn(int order) => _positions[order];

    public void MoveTo(int order, int position) => _positions[order] = position;

    public void Leave(int order) => _positions[order] = Absent;

    /// <summary>Makes it another pattern's, that nothing was added to.</summary>
    public void Become(string pattern)
    {
        Pattern = pattern;
        Counted = default;
        Estimate = default;
        Array.Fill(_positions, Absent);
    }
}
