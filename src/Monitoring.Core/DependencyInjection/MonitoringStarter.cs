using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Monitoring.DependencyInjection;

/// <summary>
/// Starts the monitor, and what reloads its settings, with the host. It asks for the monitor in
/// <see cref="StartAsync"/> and not in its constructor, so that options are validated, with their own messages, before.
/// </summary>
internal sealed class MonitoringStarter(IServiceProvider provider) : IHostedService
{
    // What is stored is there in no time or not for long: then the host starts, and evaluations begin when it is.
    private static readonly TimeSpan StoreWait = TimeSpan.FromSeconds(5);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var monitor = provider.GetRequiredService<IPerformanceMonitor>();
        provider.GetRequiredService<OptionsReload>();
        provider.GetRequiredService<CacheDiscovery>().Start();
        try
        {
            var clock = provider.GetService<TimeProvider>() ?? TimeProvider.System;
            await monitor.Alerts.RestoreAsync(cancellationToken).AsTask().WaitAsync(StoreWait, clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // It is tried on, and logged should it come to nothing.
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
