using Monitoring.Validation;

namespace Monitoring.SystemResources;

/// <summary>How processor, memory, disks, network and the runtime are watched (section <c>Monitoring:System</c>).</summary>
public sealed class SystemOptions
{
    /// <summary>Whether anything is sampled. Default true; false where something else watches the machine.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How often a sample is taken, in the background: 1 s to 1 minute. Default 5 s.</summary>
    public TimeSpan SampleInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many disks, and how many devices with their traffic, are listed: 1 to 256. Default 16; the fullest and the busiest go first.</summary>
    public int DiskCapacity { get; set; } = 16;

    /// <summary>How many network interfaces are listed: 1 to 256. Default 16; the busiest go first.</summary>
    public int NetworkInterfaceCapacity { get; set; } = 16;

    internal void Validate(OptionsErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        errors.Range(nameof(SampleInterval), SampleInterval, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        errors.Range(nameof(DiskCapacity), DiskCapacity, 1, 256);
        errors.Range(nameof(NetworkInterfaceCapacity), NetworkInterfaceCapacity, 1, 256);
    }
}
