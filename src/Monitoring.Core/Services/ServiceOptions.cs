using Monitoring.Validation;

namespace Monitoring.Services;

/// <summary>How the services that this one depends on are watched (section <c>Monitoring:Services</c>).</summary>
public sealed class ServiceOptions
{
    internal void Validate(OptionsErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
    }
}
