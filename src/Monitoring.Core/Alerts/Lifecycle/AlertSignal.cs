namespace Monitoring.Alerts.Lifecycle;

/// <summary>An input of the machine, with the levels that come with it.</summary>
/// <param name="Input">What happens.</param>
/// <param name="Confirmed">The level that raises.</param>
/// <param name="Held">The level that keeps up, hysteresis included. Never below <paramref name="Confirmed"/>.</param>
internal readonly record struct AlertSignal(AlertInput Input, AlertLevel Confirmed = AlertLevel.None, AlertLevel Held = AlertLevel.None)
{
    /// <summary>The series gives data.</summary>
    public static AlertSignal Data(AlertLevel confirmed, AlertLevel held) => new(
        confirmed > AlertLevel.None ? AlertInput.Breach : held > AlertLevel.None ? AlertInput.Hold : AlertInput.Clear,
        confirmed,
        held < confirmed ? confirmed : held);

    /// <summary>The series gives no data; <paramref name="level"/> is how bad that is, should it be an alert.</summary>
    public static AlertSignal NoData(AlertNoData meaning, AlertLevel level) => meaning switch
    {
        AlertNoData.Keep => new(AlertInput.NoDataKeeps),
        AlertNoData.Alert => new(AlertInput.NoDataAlerts, level, level),
        _ => new(AlertInput.Clear),
    };
}
