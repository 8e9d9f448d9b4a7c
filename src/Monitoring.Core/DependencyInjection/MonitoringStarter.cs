using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Monitoring.DependencyInjection;

/// <summary>
/// Starts the monitor, and what reloads its settings, with the host. It asks for the monitor in
/// <see cref="StartAsync"/> and not in its constructor, so that options are validated, with their own messages, before.
/// </summary>
internal sealed class MonitoringStarter(IServiceProvider provider) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        provider.GetRequiredService<IPerformanceMonitor>();
        provider.GetRequiredService<OptionsReload>();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
