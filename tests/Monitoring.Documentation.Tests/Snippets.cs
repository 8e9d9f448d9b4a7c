using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.Redis;
using Monitoring.Redis.Probes;
using Monitoring.TaskQueues;
using Monitoring.Webhooks;
using StackExchange.Redis;

namespace Monitoring.Documentation.Tests;

/// <summary>The code blocks of the documentation, compiled. Each stands there word for word, between its two marks.</summary>
internal static class Snippets
{
    public static IConnectionMultiplexer Wrap(IConnectionMultiplexer connection, IPerformanceMonitor monitor)
    {
        // snippet: wrap
        IConnectionMultiplexer monitored = connection.WithMonitoring(monitor);
        // end

        return monitored;
    }

    public static void Ask(IPerformanceMonitor monitor)
    {
        // snippet: ask
        RedisLatencyVerdict verdict = monitor.Redis.GetLatencyVerdict(TimeSpan.FromMinutes(5));
        Console.WriteLine($"{verdict.Cause}: {verdict.Explanation}");
        // end
    }

    public static void Rest(WebApplicationBuilder builder)
    {
        // snippet: rest
        builder.Services.AddMonitoring(builder.Configuration.GetSection("Monitoring"))
            .AddServiceProbe("payments", new Uri("https://payments.example.org/health"));

        var app = builder.Build();
        app.UseRequestMonitoring();
        app.MapGet("/status", (IPerformanceMonitor monitor) =>
        {
            PerformanceSummary summary = monitor.GetPerformanceSummary(TimeSpan.FromMinutes(15));
            return $"{summary.Status}: {summary.Reason} {summary.RequestsPerMinute:0} requests a minute, {summary.SuccessRatePercent:0.0} % succeed";
        });
        // end
    }

    public static void Register(WebApplicationBuilder builder)
    {
        // snippet: register
        builder.Services.AddMonitoring(builder.Configuration.GetSection("Monitoring"))
            .AddRedis("localhost:6379")
            .AddTaskQueue(o => { o.Capacity = 1000; o.Workers = 8; });

        var app = builder.Build();
        app.MapMonitoring();
        app.MapMonitoringDashboard();
        // end
    }

    public static void Notify(WebApplicationBuilder builder)
    {
        // snippet: notify
        builder.Services.AddMonitoring(builder.Configuration.GetSection("Monitoring"))
            .AddSlack(builder.Configuration.GetSection("Monitoring:Alerts:Slack"))
            .AddEmail("smtp.example.org", from: "alerts@example.org", to: "on-call@example.org")
            .AddAlertmanager("http://alertmanager:9093");
        // end
    }

    public static void RegisterQueues(WebApplicationBuilder builder)
    {
        // snippet: queues
        builder.Services.AddMonitoring(builder.Configuration.GetSection("Monitoring"))
            .AddRedis("localhost:6379")
            .AddRedisTaskQueue("orders", o => o.AddMessage("order-placed", MyContext.Default.OrderPlaced))
            .AddTaskHandler<OrderPlaced, OrderPlacedHandler>()
            .AddRedisQueueProbe(QueueSystem.BullMq, "mail");

        var app = builder.Build();
        app.MapPost("/orders", async (OrderPlaced order, IBackgroundTaskQueue queue) =>
        {
            await queue.EnqueueAsync(order);
            return Results.Accepted();
        }).RequireAdmission(TaskPriority.Normal, "orders");
        // end
    }

    public static async Task HandleAsync(IPerformanceMonitor monitor, IBackgroundTaskQueue queue, Func<bool> signatureIsValid)
    {
        // snippet: webhook
        using (WebhookTiming timing = monitor.BeginWebhook("github"))
        {
            using (timing.Measure(WebhookPhase.SignatureValidation))
            {
                if (!signatureIsValid())
                {
                    return;
                }
            }

            using (timing.Measure(WebhookPhase.TaskQueuing))
            {
                await queue.QueueBackgroundWorkItemAsync(async token => await Task.Delay(10, token));
            }
        }

        WebhookTimingSummary summary = monitor.GetWebhookTimingSummary();
        Console.WriteLine($"p95 {summary.P95.TotalMilliseconds} ms, {summary.Within500MsPercent:0.0} % within 500 ms");
        // end
    }

    public static void Resolve(IPerformanceMonitor monitor)
    {
        // snippet: resolve
        foreach (var alert in monitor.GetActiveAlerts())
        {
            monitor.ResolveAlert(alert.Key, note: "Redis was failed over", by: "on call");
        }
        // end
    }
}
