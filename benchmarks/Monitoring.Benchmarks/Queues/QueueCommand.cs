using System.Diagnostics;
using Monitoring.Benchmarks.Redis;
using Monitoring.TestSupport;

namespace Monitoring.Benchmarks.Queues;

/// <summary>What <c>eng/bench queue</c> runs: every queue in turn, round after round, then the section with their figures.</summary>
internal static class QueueCommand
{
    public const int Capacity = 1000;
    public const int FastBatch = 200_000;

    private const int Rounds = 9;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    /// <param name="output">The page whose section is to be replaced.</param>
    /// <param name="notes">What is to be said about the figures; need not exist.</param>
    public static async Task RunAsync(string output, string notes)
    {
        await using var server = await ServerProcess.StartRedisAsync();
        using var monitor = PerformanceMonitor.Create();
        QueueContender[] contenders =
        [
            new ChannelQueue(), new SampleQueue(), new OwnQueue(OwnQueue.UnmonitoredRow, null), new OwnQueue(OwnQueue.MonitoredRow, monitor),
            new QuartzQueue(), new StreamsQueue(server.EndPoint, monitor),
        ];
        var costs = await MeasureAsync(contenders);
        var report = new QueueReport(Rounds, Turn, await RedisCommand.VersionAsync(server.EndPoint), costs);
        await ResultsPage.ReplaceSectionAsync(output, "queue", report.Finish(File.Exists(notes) ? await File.ReadAllTextAsync(notes) : null));
        Console.WriteLine(report.Table);
        Console.WriteLine($"{output} is written; {(report.Missed == 0 ? "all budgets hold" : $"{report.Missed} budgets are missed")}.");
    }

    private static async Task<Dictionary<string, List<QueueCost>>> MeasureAsync(QueueContender[] contenders)
    {
        foreach (var contender in contenders)
        {
            await contender.StartAsync();
            await TakeTurnAsync(contender);
        }

        var costs = contenders.ToDictionary(static contender => contender.Name, static _ => new List<QueueCost>());
        for (var round = 0; round < Rounds; round++)
        {
            Console.WriteLine($"Round {round + 1} of {Rounds}.");

            // Another one begins in each round: whoever follows a costly one inherits its garbage.
            for (var i = 0; i < contenders.Length; i++)
            {
                var contender = contenders[(round + i) % contenders.Length];
                costs[contender.Name].Add(await TakeTurnAsync(contender));
            }
        }

        foreach (var contender in contenders)
        {
            await contender.DisposeAsync();
        }

        return costs;
    }

    private static async Task<QueueCost> TakeTurnAsync(QueueContender contender)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var processor = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        long tasks = 0;
        while (Stopwatch.GetElapsedTime(started) < Turn)
        {
            await contender.PassAsync();
            tasks += contender.Batch;
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        return new QueueCost(
            elapsed.TotalNanoseconds / tasks,
            (Environment.CpuUsage.TotalTime - processor).TotalNanoseconds / tasks,
            (GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)tasks);
    }
}

/// <summary>What a task cost in one turn.</summary>
/// <param name="Nanoseconds">Time of the whole turn, divided by its tasks.</param>
/// <param name="ProcessorNanoseconds">Processor time of the whole process, divided by the tasks; a busy machine changes it least.</param>
/// <param name="Bytes">Allocated by the whole process, divided by the tasks.</param>
internal readonly record struct QueueCost(double Nanoseconds, double ProcessorNanoseconds, double Bytes);
