using Monitoring.Telemetry;

namespace Monitoring.Alerts;

/// <summary>Evaluates rules over snapshots and keeps the alerts: active ones by key, resolved ones in a bounded list.</summary>
public sealed class AlertManager(TimeProvider timeProvider, AlertOptions options, IEnumerable<IMetricSource> sources, IEnumerable<IAlertNotifier> notifiers, InternalErrors errors)
{
    private readonly TimeProvider _timeProvider = timeProvider;
    private readonly AlertOptions _options = options;
    private readonly IMetricSource[] _sources = [.. sources];
    private readonly IAlertNotifier[] _notifiers = [.. notifiers];
    private readonly InternalErrors _errors = errors;

    /// <summary>Evaluates every rule once; called by the monitor's loop about once a second.</summary>
    public void Evaluate() => throw new NotImplementedException();

    /// <summary>Alerts that are firing, the most severe first.</summary>
    public IReadOnlyList<Alert> GetActive() => throw new NotImplementedException();

    /// <summary>Alerts that were resolved, newest first, bounded.</summary>
    public IReadOnlyList<Alert> GetResolved() => throw new NotImplementedException();

    /// <summary>Resolves an alert by hand; it stays resolved until its condition has cleared once.</summary>
    /// <returns>False when no alert of that key is active.</returns>
    public bool Resolve(string key, string? note = null, string? by = null) => throw new NotImplementedException();
}
