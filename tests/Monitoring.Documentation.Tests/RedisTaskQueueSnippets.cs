using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.TaskQueues;

namespace Monitoring.Documentation.Tests;

/// <summary>The code blocks of docs/redis-task-queue.md, compiled. Each stands there word for word, between its two marks.</summary>
internal static class RedisTaskQueueSnippets
{
    public static void RegisterQueue(WebApplicationBuilder builder)
    {
        // snippet: redis
        builder.Services.AddMonitoring(builder.Configuration.GetSection("Monitoring"))
            .AddRedis("redis:6379")
            .AddRedisTaskQueue("orders", queue => queue
                .AddMessage("order-placed", MyContext.Default.OrderPlaced))
            .AddTaskHandler<OrderPlaced, OrderPlacedHandler>();
        // end
    }

    public static async Task EnqueueAsync(IBackgroundTaskQueue queue)
    {
        // snippet: enqueue
        await queue.EnqueueAsync(new OrderPlaced(17), TaskPriority.High);
        // end
    }
}

internal sealed record OrderPlaced(int Number);

internal sealed class OrderPlacedHandler : ITaskHandler<OrderPlaced>
{
    public ValueTask HandleAsync(OrderPlaced message, TaskContext context, CancellationToken cancellationToken) => default;
}

[JsonSerializable(typeof(OrderPlaced))]
internal sealed partial class MyContext : JsonSerializerContext;
