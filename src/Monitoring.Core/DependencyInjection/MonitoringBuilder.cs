using Microsoft.Extensions.DependencyInjection;

namespace Monitoring.DependencyInjection;

internal sealed class MonitoringBuilder(IServiceCollection services) : IMonitoringBuilder
{
    public IServiceCollection Services { get; } = services;
}
