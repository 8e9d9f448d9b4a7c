using Monitoring.Alerts;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>Which alerts are wanted: those that fit everything that was asked for.</summary>
internal sealed class AlertFilter(QueryFields query)
{
    private readonly AlertSeverity? _severity = query.Name<AlertSeverity>("severity");
    private readonly AlertCategory? _category = query.Name<AlertCategory>("category");
    private readonly AlertState? _state = query.Name<AlertState>("state");
    private readonly string? _rule = query.Text("rule");
    private readonly string? _instance = query.Text("instance");
    private readonly string? _text = query.Text("q");
    private readonly bool? _suppressed = query.Flag("suppressed");
    private readonly bool? _acknowledged = query.Flag("acknowledged");

    public bool Fits(Alert alert) =>
        (_severity is null || alert.Severity == _severity)
        && (_category is null || alert.Category == _category)
        && (_state is null || alert.State == _state)
        && (_rule is null || alert.Rule == _rule)
        && (_instance is null || alert.Instance == _instance)
        && (_suppressed is null || alert.Suppression is not null == _suppressed)
        && (_acknowledged is null || alert.AcknowledgedAt is not null == _acknowledged)
        && (_text is null || Has(alert.Key) || Has(alert.Message) || Has(alert.Instance));

    private bool Has(string? part) => part?.Contains(_text!, StringComparison.OrdinalIgnoreCase) == true;
}
