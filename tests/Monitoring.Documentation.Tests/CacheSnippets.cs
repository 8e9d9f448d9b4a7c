using Microsoft.Extensions.Caching.Memory;

namespace Monitoring.Documentation.Tests;

/// <summary>The code block of docs/caches.md, compiled.</summary>
internal sealed class CacheSnippets(IPerformanceMonitor monitor, IMemoryCache memory)
{
    public async Task<Price> FindAsync(string key, CancellationToken cancellationToken)
    {
        // snippet: record
        if (!memory.TryGetValue(key, out Price? price))
        {
            price = await LoadAsync(key, cancellationToken);
            monitor.RecordCache("prices", hit: false);
        }
        else
        {
            monitor.RecordCache("prices", hit: true);
        }
        // end

        return price!;
    }

    private static Task<Price> LoadAsync(string key, CancellationToken cancellationToken) => Task.FromResult(new Price(key.Length));

    internal sealed record Price(decimal Amount);
}
