namespace Monitoring.Alerts.Rules;

/// <summary>Whether the text of each series is one of two: 1 for the warning, 2 for the critical one, 0 for any other.</summary>
internal sealed class TextOperand(Operand inner, string? warning, string? critical) : Operand($"text({inner.Key} {warning}|{critical})")
{
    private readonly List<SourcedReading> _readings = [];

    public override string? Error => inner.Error;

    public override IEnumerable<Operand> Parts => [inner];

    public override IReadOnlyList<SourcedReading> Read(TimeSpan window)
    {
        _readings.Clear();
        foreach (var item in inner.Read(window))
        {
            var value = Is(item.Reading.Text, critical) ? 2 : Is(item.Reading.Text, warning) ? 1 : 0;
            _readings.Add(item with { Reading = item.Reading with { Value = value } });
        }

        return _readings;
    }

    public override bool HasFailed(int source) => inner.HasFailed(source);

    private static bool Is(string? text, string? wanted) => wanted is not null && string.Equals(text?.TrimEnd('.'), wanted, StringComparison.OrdinalIgnoreCase);
}
