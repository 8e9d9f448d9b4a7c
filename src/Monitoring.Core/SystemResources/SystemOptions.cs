using Monitoring.Validation;

namespace Monitoring.SystemResources;

/// <summary>How processor, memory, disks, network and the runtime are watched (section <c>Monitoring:System</c>).</summary>
public sealed class SystemOptions
{
    internal void Validate(OptionsErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
    }
}
