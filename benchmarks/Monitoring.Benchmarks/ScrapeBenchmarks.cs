using System.IO.Pipelines;
using BenchmarkDotNet.Attributes;
using Monitoring.AspNetCore.Prometheus;
using Monitoring.Redis;
using Monitoring.TaskQueues;
using Monitoring.Webhooks;

namespace Monitoring.Benchmarks;

/// <summary>
/// One scrape by Prometheus, from the snapshots to the last byte, without HTTP. Budget: 5 ms with 200 series, which 10
/// commands, 5 endpoints and 2 queues make; and what ten times as many commands cost.
/// </summary>
[MemoryDiagnoser]
public class ScrapeBenchmarks
{
    private PerformanceMonitor _monitor = null!;

    /// <summary>How many Redis commands are told apart.</summary>
    [Params(10, 100)]
    public int Commands { get; set; }

    [GlobalSetup]
    public async Task Setup()
    {
        _monitor = PerformanceMonitor.Create();
        for (var round = 0; round < 100; round++)
        {
            for (var command = 0; command < Commands; command++)
            {
                _monitor.Redis.Record(new RedisOperationMetric($"COMMAND{command}", TimeSpan.FromMicroseconds(100 + (17 * round)), default));
            }

            for (var endpoint = 0; endpoint < 5; endpoint++)
            {
                _monitor.Webhooks.Record(new WebhookTimingBreakdown
                {
                    Endpoint = $"endpoint{endpoint}",
                    Total = TimeSpan.FromMilliseconds(round),
                    Phases = [new WebhookPhaseTime(WebhookPhase.Validation, TimeSpan.FromMilliseconds(round / 2.0))],
                });
            }

            foreach (var queue in new[] { "mail", "reports" })
            {
                _monitor.TaskQueue.Record(new Monitoring.TaskQueues.TaskQueueMetrics
                {
                    Queue = queue,
                    Depth = 5,
                    TotalWorkers = 4,
                    ActiveWorkers = 2,
                    Completed = 1,
                    Enqueued = 1,
                    ProcessingTimes = [TimeSpan.FromMilliseconds(round)],
                });
            }
        }

        Console.WriteLine($"// {await CountSeriesAsync()} series");
    }

    [GlobalCleanup]
    public void Cleanup() => _monitor.Dispose();

    [Benchmark]
    public Task ScrapeText() => ScrapeAsync(Stream.Null, openMetrics: false);

    [Benchmark]
    public Task ScrapeOpenMetrics() => ScrapeAsync(Stream.Null, openMetrics: true);

    private async Task ScrapeAsync(Stream target, bool openMetrics)
    {
        // Every command has something to say of the last minute, as in a service that is busy.
        for (var command = 0; command < Commands; command++)
        {
            _monitor.Redis.GetOperation($"COMMAND{command}").Succeeded(System.Diagnostics.Stopwatch.GetTimestamp());
        }

        var output = PipeWriter.Create(target);
        await Exposition.WriteAsync(output, _monitor, openMetrics, CancellationToken.None);
        await output.CompleteAsync();
    }

    private async Task<int> CountSeriesAsync()
    {
        using var text = new MemoryStream();
        var output = PipeWriter.Create(text, new StreamPipeWriterOptions(leaveOpen: true));
        await Exposition.WriteAsync(output, _monitor, openMetrics: false, CancellationToken.None);
        await output.CompleteAsync();
        return System.Text.Encoding.UTF8.GetString(text.ToArray()).Split('\n').Count(static line => line.Length > 0 && line[0] != '#');
    }
}
