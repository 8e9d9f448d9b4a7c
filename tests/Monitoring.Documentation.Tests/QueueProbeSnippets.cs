using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.Redis.Probes;
using StackExchange.Redis;

namespace Monitoring.Documentation.Tests;

/// <summary>The code blocks of docs/queue-probes.md, compiled. Each stands there word for word, between its two marks.</summary>
internal static class QueueProbeSnippets
{
    public static void Register(WebApplicationBuilder builder)
    {
        // snippet: probes
        builder.Services.AddMonitoring()
            .AddRedis("localhost:6379")
            .AddRedisQueueProbe(QueueSystem.BullMq, "mail", "reports")   // these two
            .AddRedisQueueProbe(QueueSystem.Sidekiq)                     // all that are found
            .AddRedisQueueProbe(QueueSystem.Celery, o =>
            {
                o.ConnectionKey = "broker";                              // a keyed IConnectionMultiplexer of the container
                o.Database = 1;
                o.Name = "shop";                                         // shop:mail instead of celery:mail
            });
        // end
    }

    public static async Task Watch(IConnectionMultiplexer connection, IPerformanceMonitor monitor)
    {
        // snippet: watch
        await using var watching = connection.WatchQueues(monitor, QueueSystem.BullMq, "mail");
        // end
    }
}
