namespace Monitoring.Alerts.Suppression;

/// <summary>Decides which alerts are kept quiet, and by what.</summary>
internal sealed class AlertSuppressor
{
    /// <summary>Looks at the alerts that are active, once before the questions of an evaluation.</summary>
    public void Prepare(IReadOnlyList<Alert> active, DateTimeOffset now)
    {
        _ = active;
        _ = now;
    }

    /// <summary>What keeps an alert quiet at that moment; null when nothing does. Used by one evaluation at a time.</summary>
    public AlertSuppression? Find(Alert alert, DateTimeOffset now)
    {
        _ = alert;
        _ = now;
        return null;
    }
}
