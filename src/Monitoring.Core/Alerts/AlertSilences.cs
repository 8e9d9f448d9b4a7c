namespace Monitoring.Alerts;

/// <summary>The silences of an alert manager. Thread-safe.</summary>
public sealed class AlertSilences
{
    /// <summary>All silences that have not ended long ago, those that end last first.</summary>
    public IReadOnlyList<Silence> GetAll() => [];
}
