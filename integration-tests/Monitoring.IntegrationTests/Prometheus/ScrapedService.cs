using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Monitoring.Queries;
using Monitoring.Redis;
using Monitoring.Requests;
using Monitoring.TaskQueues;
using Monitoring.TestSupport;
using Monitoring.Webhooks;
using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Prometheus;

/// <summary>
/// A monitored service on a free port of loopback that works all the time: webhooks, a real Redis with a replica, a queue, a
/// circuit that is open. Its webhooks are slower than its thresholds allow.
/// </summary>
internal sealed class ScrapedService : IAsyncDisposable
{
    private const string Api = "/api/performance";

    private readonly ServerProcess _redis;
    private readonly ServerProcess _replica;
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping = new();
    private Task _work = Task.CompletedTask;

    private ScrapedService(ServerProcess redis, ServerProcess replica, WebApplication app, int port) =>
        (_redis, _replica, _app, Target) = (redis, replica, app, $"127.0.0.1:{port}");

    /// <summary>Where it is scraped.</summary>
    public string Target { get; }

    public static string MetricsPath => $"{Api}/prometheus";

    public static async Task<ScrapedService> StartAsync()
    {
        var redis = await ServerProcess.StartRedisAsync("--maxmemory", "100mb", "--repl-diskless-sync-delay", "0");
        var replica = await ServerProcess.StartRedisAsync("--replicaof", "127.0.0.1", $"{redis.Port}");
        var port = ServerProcess.FreePort();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Logging.ClearProviders();
        builder.Services.AddMonitoring(static options =>
        {
            options.Redis.Server.PollInterval = TimeSpan.FromSeconds(1);
            options.Redis.StreamGroups.Add(new RedisStreamGroup { Stream = "orders", Group = "shop" });
            options.Alerts.Thresholds.WebhookResponseTimeWarning = TimeSpan.FromMilliseconds(1);
            options.Alerts.Thresholds.WebhookResponseTimeCritical = TimeSpan.FromMilliseconds(2);
        }).AddRedis($"{redis.EndPoint},abortConnect=false").AddTaskQueue().AddRedisProbe();
        var app = builder.Build();
        app.MapMonitoring();
        await app.StartAsync();

        var service = new ScrapedService(redis, replica, app, port);
        service._work = Task.Run(service.WorkAsync);
        return service;
    }

    /// <summary>What the API answers.</summary>
    public async Task<string> GetAsync(string path)
    {
        using var client = new HttpClient();
        return await client.GetStringAsync($"http://{Target}{Api}/{path}");
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        try
        {
            await _work;
        }
        finally
        {
            await _app.DisposeAsync();
            await _replica.DisposeAsync();
            await _redis.DisposeAsync();
            _stopping.Dispose();
        }
    }

    private async Task WorkAsync()
    {
        var monitor = _app.Services.GetRequiredService<IPerformanceMonitor>();
        var redis = _app.Services.GetRequiredService<IConnectionMultiplexer>();
        var queue = _app.Services.GetRequiredService<IBackgroundTaskQueue>();
        var database = redis.GetDatabase();
        var subscriber = redis.GetSubscriber();
        monitor.CircuitBreakers.GetOrAdd("supplier", static _ => true).Isolate();
        await database.StreamCreateConsumerGroupAsync("orders", "shop", StreamPosition.NewMessages);
        await subscriber.SubscribeAsync(RedisChannel.Literal("news"), static (_, _) => { });
        while (!_stopping.IsCancellationRequested)
        {
            using (var timing = monitor.BeginWebhook("github"))
            {
                using (timing.Measure(WebhookPhase.RedisOperation))
                {
                    await database.StringSetAsync("greeting", "hello");
                    await database.StringGetAsync("greeting");
                    await database.StringGetAsync("missing");
                    await database.StreamAddAsync("orders", "number", 17, maxLength: 100);
                    await subscriber.PublishAsync(RedisChannel.Literal("news"), "fresh");
                    await database.StringIncrementAsync("visits", flags: CommandFlags.FireAndForget);
                }

                monitor.Queries.Record(new QueryExecution("SELECT 1", new QueryDatabase("postgresql", "shop"), TimeSpan.FromMilliseconds(2), QueryOutcome.Succeeded, null, null));
                monitor.RecordMetric("orders.open", 3);
                monitor.RecordRequest(new RequestMetric("/orders/{id}", TimeSpan.FromMilliseconds(7)) { Method = "GET", StatusCode = 200, CacheHit = true });
                await queue.QueueBackgroundWorkItemAsync(static async token => await Task.Delay(5, token));
                await Task.Delay(20);
            }
        }
    }
}
