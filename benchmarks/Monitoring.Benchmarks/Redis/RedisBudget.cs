using System.Globalization;

namespace Monitoring.Benchmarks.Redis;

/// <summary>The budgets, and what a row says of itself against them.</summary>
internal static class RedisBudget
{
    private const double CompletedNanoseconds = 80;
    private const double WithCircuitNanoseconds = 220;
    private const long PendingBytes = 96;
    private const double Throughput = 0.97;
    private const double WithCircuitThroughput = 0.93;

    /// <summary>Of a row over a no-op inner object; empty when it has no budget.</summary>
    /// <param name="row">The benchmark's method.</param>
    /// <param name="nanoseconds">What it took more than the bare call.</param>
    /// <param name="bytes">What it allocated more than the bare call.</param>
    public static string OfCall(string row, double nanoseconds, long bytes) => row switch
    {
        nameof(RedisDecoratorBenchmarks.Decorated) => Verdict($"≤ {CompletedNanoseconds} ns, 0 B", nanoseconds <= CompletedNanoseconds && bytes == 0),
        nameof(RedisDecoratorBenchmarks.DecoratedWithClosedCircuit) => Verdict($"≤ {WithCircuitNanoseconds} ns, 0 B", nanoseconds <= WithCircuitNanoseconds && bytes == 0),
        nameof(RedisDecoratorBenchmarks.DecoratedPending) or nameof(RedisDecoratorBenchmarks.DecoratedPendingWithClosedCircuit) =>
            Verdict($"≤ {PendingBytes} B", bytes <= PendingBytes),
        _ => "",
    };

    /// <summary>Of a row over a real server with 64 in flight; empty when it has no budget.</summary>
    /// <param name="row">The client.</param>
    /// <param name="throughput">Its throughput as a share of the bare client's.</param>
    /// <param name="profiled">The same of the client with its profiler drained.</param>
    public static string OfReads(string row, double throughput, double profiled) => row switch
    {
        PipelinedClient.MonitoredRow => OfReads(Throughput, throughput, profiled),
        PipelinedClient.WithCircuitRow => OfReads(WithCircuitThroughput, throughput, profiled),
        _ => "",
    };

    private static string OfReads(double least, double throughput, double profiled) =>
        Verdict(string.Create(CultureInfo.InvariantCulture, $"≥ {least:0.00} ×, and above the profiler's row"), throughput >= least && throughput > profiled);

    private static string Verdict(string budget, bool holds) => $"{budget}: {(holds ? "holds" : "**missed**")}";
}
