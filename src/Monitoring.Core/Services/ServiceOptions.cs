using Monitoring.Validation;

namespace Monitoring.Services;

/// <summary>How the services that this one depends on are watched (section <c>Monitoring:Services</c>).</summary>
public sealed class ServiceOptions
{
    /// <summary>How many services are watched: 1 to 1,000. Default 64; further ones are not, which is logged and counted.</summary>
    public int Capacity { get; set; } = 64;

    /// <summary>How many changes of state are kept of each service: 1 to 1,000. Default 100.</summary>
    public int HistoryCapacity { get; set; } = 100;

    internal void Validate(OptionsErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        errors.Range(nameof(Capacity), Capacity, 1, 1000);
        errors.Range(nameof(HistoryCapacity), HistoryCapacity, 1, 1000);
    }
}
