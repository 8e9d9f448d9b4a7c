namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds parts to the monitor.</summary>
public interface IMonitoringBuilder
{
    /// <summary>The services of the host.</summary>
    IServiceCollection Services { get; }
}
