using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.Caches;

namespace Monitoring.DependencyInjection;

/// <summary>
/// Finds the caches of the host when it starts: every <see cref="IMemoryCache"/> that is registered, keyed ones too, and
/// <c>HybridCache</c> through its event source, whenever it comes.
/// </summary>
internal sealed class CacheDiscovery(IServiceProvider provider, IServiceCollection services) : IDisposable
{
    private const string DefaultName = "memory";

    private readonly List<IDisposable> _watched = [];
    private HybridCacheListener? _hybrid;

    /// <summary>Begins to watch them; called once.</summary>
    public void Start()
    {
        var monitor = provider.GetRequiredService<IPerformanceMonitor>();
        var found = new HashSet<IMemoryCache>(ReferenceEqualityComparer.Instance);
        foreach (var descriptor in services.Where(static descriptor => descriptor.ServiceType == typeof(IMemoryCache) && descriptor.Lifetime == ServiceLifetime.Singleton).ToArray())
        {
            try
            {
                if (Resolve(descriptor) is { } cache && found.Add(cache))
                {
                    _watched.Add(monitor.Caches.Watch(descriptor.IsKeyedService ? $"{DefaultName}.{descriptor.ServiceKey}" : DefaultName, cache));
                }
            }
            catch (Exception exception)
            {
                // A cache that cannot be made is for those to hear of who use it.
                monitor.Redis.Errors.Report("caches", exception);
            }
        }

        var hybrid = _hybrid = new HybridCacheListener();
        _watched.Add(monitor.Caches.Watch("hybrid.local", CacheSource.HybridCache, () => hybrid.Local));
        _watched.Add(monitor.Caches.Watch("hybrid.distributed", CacheSource.HybridCache, () => hybrid.Distributed));
    }

    public void Dispose()
    {
        _watched.ForEach(static watched => watched.Dispose());
        _hybrid?.Dispose();
    }

    private IMemoryCache? Resolve(ServiceDescriptor descriptor) =>
        !descriptor.IsKeyedService ? provider.GetService<IMemoryCache>()
        : descriptor.ServiceKey == KeyedService.AnyKey ? null
        : provider.GetKeyedService<IMemoryCache>(descriptor.ServiceKey);
}
