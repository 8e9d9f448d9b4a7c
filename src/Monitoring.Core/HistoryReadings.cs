using Monitoring.CircuitBreakers;
using Monitoring.History;
using Monitoring.Latency;
using Monitoring.Requests;
using Monitoring.TaskQueues.Recording;
using Monitoring.Telemetry;
using Monitoring.Webhooks;

namespace Monitoring;

/// <summary>
/// Gives the history its values once a second, over the last ten seconds, from what the rooms give to summaries and alert rules. A
/// latency or a share of nothing is left out, which makes a gap; a rate of nothing is zero. For one thread at a time, the loop.
/// </summary>
internal sealed class HistoryReadings(PerformanceMonitor monitor, SliceClock clock, InternalErrors errors)
{
    /// <summary>What a value is computed over: short enough for a live chart, long enough for a percentile.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly List<MetricReading> _readings = [];
    private readonly Action<HistoryReadings>[] _rooms =
    [
        static self => self.ReadWebhooks(),
        static self => self.ReadRedis(),
        static self => self.ReadQueues(),
        static self => self.ReadRequests(),
        static self => self.ReadSystem(),
        static self => self.ReadCaches(),
        static self => self.Collect(self.Monitor.CircuitBreakers),
        static self => self.Collect(self.Monitor.Services),
    ];

    private double _seconds;

    private PerformanceMonitor Monitor => monitor;

    /// <summary>Records this second. A room that fails has a gap, the others have none; never throws.</summary>
    public void Record()
    {
        _readings.Clear();
        _seconds = clock.GetRateSeconds(Window);
        foreach (var room in _rooms)
        {
            var before = _readings.Count;
            try
            {
                room(this);
            }
            catch (Exception exception)
            {
                errors.Report("history", exception);
                _readings.RemoveRange(before, _readings.Count - before);
            }
        }

        try
        {
            monitor.History.Record(_readings);
        }
        catch (Exception exception)
        {
            errors.Report("history", exception);
        }
    }

    private void ReadWebhooks()
    {
        var endpoints = monitor.Webhooks.Read(Window);
        foreach (var endpoint in endpoints)
        {
            AddLatency(MetricNames.WebhookResponseTime, endpoint.Latency, endpoint.Name);
        }

        var all = EndpointWindow.Merge(endpoints);
        AddLatency(MetricNames.WebhookResponseTime, all.Latency);
        AddRate(HistoryMetrics.WebhookRate, all.Latency.Count);
        AddShare(HistoryMetrics.WebhookWithinTarget, all.Within500MsPercent, all.Latency.Count);
    }

    private void ReadRedis()
    {
        var (operations, failed) = (0L, 0L);
        var latencies = new List<LatencySnapshot>();
        foreach (var command in monitor.Redis.ReadCommands(Window))
        {
            (operations, failed) = (operations + command.Count, failed + command.Failures.Total);
            latencies.Add(command.Latency);
            AddLatency(MetricNames.RedisOperationLatency, command.Latency, command.Operation);
            AddRate(HistoryMetrics.RedisOperationRate, command.Count, command.Operation);
        }

        AddLatency(HistoryMetrics.RedisLatency, LatencySnapshot.Merge(latencies));
        AddRate(HistoryMetrics.RedisRate, operations);
        AddShare(MetricNames.RedisFailureRate, Redis.RedisOperationSummary.Percent(failed, operations), operations);
    }

    private void ReadQueues()
    {
        var queues = monitor.TaskQueue.Read(Window);
        if (queues.Length == 0)
        {
            return;
        }

        foreach (var queue in queues)
        {
            Add(MetricNames.TaskQueueDepth, queue.State.Depth.Total, queue.Name);
        }

        var all = QueueSummaries.Of(Window, queues);
        Add(MetricNames.TaskQueueDepth, all.CurrentDepth);
        foreach (var priority in all.Priorities)
        {
            Add(HistoryMetrics.TaskQueuePriorityDepth, priority.Depth, priority.Priority.ToString());
        }

        AddRate(HistoryMetrics.TaskArrivalRate, all.Enqueued);
        AddRate(HistoryMetrics.TaskCompletionRate, all.Completed + all.Failed);
        AddShare(MetricNames.WorkerUtilization, all.CurrentWorkerUtilizationPercent, all.Workers);
        AddTime(HistoryMetrics.TaskWaitTime, all.WaitP95);
        AddTime(MetricNames.TaskProcessingTime, all.P95ProcessingTime);
        Add(MetricNames.TaskQueueOldestAge, all.OldestTaskAge.TotalMilliseconds);
    }

    private void ReadRequests()
    {
        var failed = 0L;
        var latencies = new List<LatencySnapshot>();
        foreach (var (endpoint, latency, failures) in monitor.Requests.ReadOutcomes(Window))
        {
            failed += failures;
            latencies.Add(latency);
            AddLatency(MetricNames.RequestLatency, latency, endpoint);
        }

        var all = LatencySnapshot.Merge(latencies);
        AddLatency(MetricNames.RequestLatency, all);
        AddRate(HistoryMetrics.RequestRate, all.Count);
        AddShare(MetricNames.RequestErrorRate, RequestWindow.Percent(failed, all.Count), all.Count);
    }

    // Of samples as old as alert rules take them; the delay and the pauses are of the same sample.
    private void ReadSystem()
    {
        var before = _readings.Count;
        Collect(monitor.SystemResources);
        if (_readings.Count > before)
        {
            var now = monitor.SystemResources.GetSummary(Window);
            Add(HistoryMetrics.ThreadPoolQueueDelay, now.ThreadPool.QueueDelay.TotalMilliseconds);
            Add(HistoryMetrics.GcPause, now.Gc.PausePercent);
        }
    }

    private void ReadCaches()
    {
        var caches = monitor.Caches.GetSummary(Window);
        AddShare(HistoryMetrics.CacheHitRate, caches.HitRatePercent, caches.Lookups);
    }

    private void Collect(IMetricSource room) => room.Collect(_readings, Window);

    private void AddLatency(string metric, LatencySnapshot latency, string? instance = null)
    {
        if (latency.Count > 0)
        {
            Add(metric, latency.P95.TotalMilliseconds, instance);
        }
    }

    // A percentile of nothing is zero, and no task takes no time at all.
    private void AddTime(string metric, TimeSpan time)
    {
        if (time > TimeSpan.Zero)
        {
            Add(metric, time.TotalMilliseconds);
        }
    }

    private void AddShare(string metric, double percent, long of)
    {
        if (of > 0)
        {
            Add(metric, percent);
        }
    }

    private void AddRate(string metric, long count, string? instance = null) => Add(metric, count / _seconds, instance);

    private void Add(string metric, double value, string? instance = null) => _readings.Add(new MetricReading(metric, value, instance));
}
