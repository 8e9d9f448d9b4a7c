namespace Monitoring.Alerts.Suppression;

/// <summary>Alerts that explain others, with some labels alike. Two rules are the same when they are written alike. Immutable.</summary>
internal sealed class InhibitionRule : IEquatable<InhibitionRule>
{
    private readonly string _text;

    /// <summary>Takes over valid options.</summary>
    public InhibitionRule(AlertInhibitionOptions options)
        : this(options.Source, options.Target, options.Equal)
    {
    }

    public InhibitionRule(IEnumerable<string> source, IEnumerable<string> target, IEnumerable<string> equal)
    {
        Source = MatcherTexts.Compile(source);
        Target = MatcherTexts.Compile(target);
        Equal = [.. equal];
        _text = string.Join('\n', [.. source, "", .. target, "", .. equal]);
    }

    public MatcherSet Source { get; }

    public MatcherSet Target { get; }

    public IReadOnlyList<string> Equal { get; }

    /// <summary>What those alerts have in common that can explain one another.</summary>
    public string GroupOf(Alert alert)
    {
        if (Equal.Count == 0)
        {
            return "";
        }

        var values = new string[Equal.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = AlertLabels.Get(alert, Equal[i]);
        }

        return string.Join('\n', values);
    }

    public bool Equals(InhibitionRule? other) => other is not null && _text == other._text;

    public override bool Equals(object? obj) => Equals(obj as InhibitionRule);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_text);
}
