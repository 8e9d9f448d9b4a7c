using Monitoring.Validation;

namespace Monitoring.Alerts;

/// <summary>Thresholds and pace of alerts (section <c>Monitoring:Alerts</c>).</summary>
public sealed class AlertOptions
{
    internal void Validate(OptionsErrors errors) => ArgumentNullException.ThrowIfNull(errors);
}
