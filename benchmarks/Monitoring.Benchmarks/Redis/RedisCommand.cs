using System.Diagnostics;
using BenchmarkDotNet.Running;
using Monitoring.TestSupport;

namespace Monitoring.Benchmarks.Redis;

/// <summary>What <c>eng/bench redis</c> runs: every row about Redis, then the section with their figures.</summary>
internal static class RedisCommand
{
    /// <summary>The pipelining that the budgets are about.</summary>
    public const int BudgetedInFlight = 64;

    private const int Rounds = 7;
    private static readonly int[] InFlight = [1, 8, BudgetedInFlight];
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    /// <param name="output">The page whose section is to be replaced.</param>
    /// <param name="notes">What is to be said about the figures; need not exist.</param>
    public static async Task RunAsync(string output, string notes)
    {
        var calls = BenchmarkRunner.Run<RedisDecoratorBenchmarks>();
        await using var server = await ServerProcess.StartRedisAsync();
        var report = new RedisReport("eng/bench redis", await VersionAsync(server.EndPoint));
        report.AddCalls(calls);
        report.BeginReads(Rounds, Turn);
        await AddReadsAsync(report, server.EndPoint);
        await ResultsPage.ReplaceSectionAsync(output, "redis", report.Finish(File.Exists(notes) ? await File.ReadAllTextAsync(notes) : null));
        Console.WriteLine($"{output} is written; {(report.Missed == 0 ? "all budgets hold" : $"{report.Missed} budgets are missed")}.");
    }

    private static async Task AddReadsAsync(RedisReport report, string endPoint)
    {
        await PipelinedReads.PrepareAsync(endPoint);
        using var monitor = PerformanceMonitor.Create();
        var clients = await PipelinedClient.ConnectAllAsync(endPoint, monitor);
        var reads = new PipelinedReads(clients, Rounds, Turn);
        foreach (var inFlight in InFlight)
        {
            Console.WriteLine($"Pipelined GETs, {inFlight} in flight.");
            report.AddReads(inFlight, await reads.MeasureAsync(inFlight));
        }

        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }

    /// <summary>What the rows over a server ran against.</summary>
    public static async Task<string> VersionAsync(string endPoint)
    {
        await using var connection = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(endPoint);
        var client = FileVersionInfo.GetVersionInfo(typeof(StackExchange.Redis.IDatabase).Assembly.Location);
        return $"redis-server {connection.GetServers()[0].Version}, StackExchange.Redis {client.FileMajorPart}.{client.FileMinorPart}.{client.FileBuildPart}";
    }
}
