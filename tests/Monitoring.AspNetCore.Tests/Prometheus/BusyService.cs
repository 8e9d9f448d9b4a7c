using Monitoring.AspNetCore.Prometheus;
using Monitoring.CircuitBreakers;
using Monitoring.Queries;
using Monitoring.Redis;
using Monitoring.Requests;
using Monitoring.Services;
using Monitoring.TaskQueues;
using Monitoring.TestSupport;
using Monitoring.Webhooks;

namespace Monitoring.AspNetCore.Tests.Prometheus;

/// <summary>Gives every room something to say; a circuit that is open makes an alert fire.</summary>
internal static class BusyService
{
    /// <summary>A name that every format has to escape.</summary>
    public const string AwkwardName = "a\"b\\c\nd é😀";

    /// <summary>What has samples only when an alert is kept quiet or a channel fails, and what a machine may lack.</summary>
    public static readonly Metric[] OnlyInTrouble =
    [
        AlertMetrics.Suppressed, AlertMetrics.NotTold, AlertMetrics.NotDelivered,
        SystemMetrics.Cpu, SystemMetrics.ProcessCpu, SystemMetrics.ContainerCpu, SystemMetrics.ContainerMemory, SystemMetrics.DiskIo, SystemMetrics.NetworkIo,
    ];

    public static async Task WorkAsync(IPerformanceMonitor monitor, FakeClock clock)
    {
        monitor.Services.Add("orders", static _ => new(ServiceProbeResult.Healthy));
        foreach (var endpoint in new[] { "github", AwkwardName })
        {
            foreach (var milliseconds in new[] { 100, 700, 3000 })
            {
                monitor.RecordWebhookTiming(new WebhookTimingBreakdown
                {
                    Endpoint = endpoint,
                    Total = TimeSpan.FromMilliseconds(milliseconds),
                    Phases = [new WebhookPhaseTime(WebhookPhase.Validation, TimeSpan.FromMilliseconds(milliseconds / 2.0))],
                });
            }
        }

        monitor.RecordCache("prices", hit: true);
        monitor.RecordCache(AwkwardName, hit: false);
        monitor.RecordMetric("orders.open", 3);
        foreach (var status in new[] { 101, 200, 302, 404, 503 })
        {
            monitor.RecordRequest(new RequestMetric("/orders/{id}", TimeSpan.FromMilliseconds(status)) { Method = "GET", StatusCode = status, CacheHit = status == 200 });
        }

        monitor.Queries.Record(new QueryExecution("SELECT 1", new QueryDatabase("postgresql", "shop"), TimeSpan.FromMilliseconds(120), QueryOutcome.Failed, null, null));
        foreach (var failure in Enum.GetValues<RedisFailureKind>())
        {
            monitor.RecordRedisOperation(new RedisOperationMetric("GET", TimeSpan.FromMilliseconds(12), failure));
        }

        monitor.Redis.GetOperation("GET", "redis:6379").Sent();
        monitor.Redis.Channels.Get("orders:17").Published();
        monitor.Redis.AddConnection(() => new RedisConnectionStatus
        {
            Name = "redis",
            IsConnected = true,
            Sockets = [new RedisSocketStatus { EndPoint = "redis:6379", Kind = "Interactive", IsConnected = true, Unsent = 1, AwaitingResponse = 2, AwaitingCompletion = 3 }],
            StreamGroups = [new RedisStreamGroupStatus { Stream = "orders", Group = "shop", Exists = true, Lag = 5, Pending = 6 }],
        });
        monitor.Redis.FindServer("redis:6379")!.Publish(new RedisServerStatistics
        {
            EndPoint = "redis:6379",
            At = clock.GetUtcNow(),
            Version = "7.0.15",
            Role = "master",
            MemoryPolicy = "volatile-lru",
            UsedMemoryBytes = 900,
            MaximumMemoryBytes = 1000,
            Clients = 3,
            BlockedClients = 1,
            RejectedConnections = 2,
            CommandsPerSecond = 40.5,
            BusyPercent = 12,
            EvictionsPerSecond = 1.5,
            ExpirationsPerSecond = 2.5,
            HitRatePercent = 60,
            Lookups = 1000,
            ReplicationLagBytes = 7,
            ReplicationLag = TimeSpan.FromSeconds(12),
            IsReplicationLinkUp = false,
        });
        monitor.CircuitBreakers.GetOrAdd("redis", static _ => true).Isolate();
        monitor.RecordTaskQueueMetrics(new Monitoring.TaskQueues.TaskQueueMetrics
        {
            Queue = "mail",
            System = "bullmq",
            HighDepth = 1,
            NormalDepth = 2,
            LowDepth = 3,
            Capacity = 10,
            OldestTaskAge = TimeSpan.FromSeconds(90),
            ActiveWorkers = 1,
            TotalWorkers = 2,
            Enqueued = 9,
            Completed = 2,
            Failed = 1,
            ProcessingTimes = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3)],
        });
        var queue = new BoundedTaskQueue(new TaskQueueOptions(), clock).WithMonitoring(monitor);
        await queue.EnqueueAsync(BackgroundTask.Create(static _ => ValueTask.CompletedTask));
        clock.Advance(TimeSpan.FromSeconds(2));
        await queue.DequeueAsync(CancellationToken.None);
    }
}
