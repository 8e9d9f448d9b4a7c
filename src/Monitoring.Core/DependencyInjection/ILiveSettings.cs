namespace Monitoring.DependencyInjection;

/// <summary>Something beside the monitor that takes over changed settings while it runs.</summary>
internal interface ILiveSettings
{
    /// <summary>Takes over what can change live; the settings are valid.</summary>
    void Reload(MonitoringOptions options);
}
