namespace Monitoring.Alerts.Outbox;

/// <summary>Which alerts are told together. Immutable.</summary>
internal sealed class Grouping
{
    private const char Separator = '\u001f';

    private readonly string[] _labels;

    public Grouping(AlertOptions options) =>
        _labels = options.GroupBy.Count == 0 ? [AlertLabels.AlertName] : [.. options.GroupBy.Where(static label => label.Length > 0).Distinct(StringComparer.Ordinal)];

    /// <summary>Whether an alert may change its group while it fires.</summary>
    public bool FollowsSeverity => _labels.Contains(AlertLabels.Severity, StringComparer.Ordinal);

    /// <summary>The same for alerts of the same group.</summary>
    public string KeyOf(Alert alert) =>
        _labels.Length == 1 ? AlertLabels.Get(alert, _labels[0]) : string.Join(Separator, LabelsOf(alert).Values);

    public Dictionary<string, string> LabelsOf(Alert alert) => _labels.ToDictionary(static label => label, label => AlertLabels.Get(alert, label));
}
