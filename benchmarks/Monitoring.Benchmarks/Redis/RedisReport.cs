using System.Globalization;
using System.Text;
using BenchmarkDotNet.Reports;

namespace Monitoring.Benchmarks.Redis;

/// <summary>Writes the section about Redis: everything in it comes from the run that wrote it, but for the notes at its end.</summary>
internal sealed class RedisReport
{
    private readonly StringBuilder _text = new();

    public RedisReport(string command, string server) => _text.AppendLine(ResultsPage.Heading("Redis", command, server));

    /// <summary>Adds the rows over an inner object that does nothing.</summary>
    public void AddCalls(Summary summary)
    {
        _text.AppendLine().AppendLine("## A call whose inner object does nothing").AppendLine();
        Line($"What a call costs more than the bare one; a bare call that does nothing takes no measurable time, so there is no ratio. The resilience pipeline is Polly's with {ResilientReads.Strategies}.");
        AddCalls("Completes at once", nameof(RedisDecoratorBenchmarks.Bare), summary, static row => !row.Contains("Pending", StringComparison.Ordinal));
        AddCalls("Completes after the call returned", nameof(RedisDecoratorBenchmarks.BarePending), summary, static row => row.Contains("Pending", StringComparison.Ordinal));
    }

    /// <summary>Adds the rows over a real server.</summary>
    public void AddReads(int inFlight, IReadOnlyDictionary<PipelinedClient, List<Cost>> costs)
    {
        var bare = costs.Single(static row => row.Key.Name == PipelinedClient.BareRow).Value;
        double Throughput(List<Cost> row) => ResultsPage.Median(row.Zip(bare, static (mine, theirs) => theirs.Nanoseconds / mine.Nanoseconds));
        var profiled = Throughput(costs.Single(static row => row.Key.Name == PipelinedClient.ProfiledRow).Value);

        _text.AppendLine().Append(CultureInfo.InvariantCulture, $"### {inFlight} in flight").AppendLine().AppendLine();
        Line($"| client | ns/op | processor ns/op | B/op | throughput ÷ bare | budget |");
        Line($"|---|---:|---:|---:|---:|---|");
        foreach (var (client, row) in costs)
        {
            var budget = inFlight == RedisCommand.BudgetedInFlight ? RedisBudget.OfReads(client.Name, Throughput(row), profiled) : "";
            Line($"| {client.Name} | {ResultsPage.Median(row.Select(static c => c.Nanoseconds)):#,0} | {ResultsPage.Median(row.Select(static c => c.ProcessorNanoseconds)):#,0} | {ResultsPage.Median(row.Select(static c => c.Bytes)):0} | {Throughput(row):0.000} | {budget} |");
        }
    }

    /// <summary>Adds the heading above the rows over a real server.</summary>
    public void BeginReads(int rounds, TimeSpan turn)
    {
        _text.AppendLine().AppendLine("## Pipelined GETs on redis-server over loopback").AppendLine();
        Line($"So many readers on one connection, each waiting for its answer before it asks again; 100 bytes a value. The clients take turns of {turn.TotalSeconds} s, {rounds} rounds; a figure is the median of the rounds, a ratio the median of each round's. Processor time is the client's alone, of all its threads. The profiler's row is what OpenTelemetry's instrumentation does every second: finish the session and go through its commands. A monitored row has everything at its defaults. “Awaited once more” puts an async method around the bare call; “timed and counted” reads the clock twice besides and records the difference.");
    }

    /// <summary>The section, with what is to be said about its figures at its end.</summary>
    public string Finish(string? notes) => notes is null ? _text.ToString() : _text.AppendLine().Append(notes).ToString();

    /// <summary>How many budgets were missed.</summary>
    public int Missed => _text.ToString().Split("**missed**").Length - 1;

    private void AddCalls(string heading, string bareRow, Summary summary, Func<string, bool> belongs)
    {
        _text.AppendLine().Append("### ").AppendLine(heading).AppendLine();
        Line($"| call | ns/op | B/op | over bare | budget |");
        Line($"|---|---:|---:|---:|---|");
        var rows = summary.Reports.Select(static r => (
            Row: r.BenchmarkCase.Descriptor.WorkloadMethod.Name,
            Nanoseconds: r.ResultStatistics!.Median,
            Bytes: r.GcStats.GetBytesAllocatedPerOperation(r.BenchmarkCase) ?? 0)).Where(r => belongs(r.Row)).ToList();
        var bare = rows.Single(r => r.Row == bareRow);
        foreach (var row in rows)
        {
            var (nanoseconds, bytes) = (row.Nanoseconds - bare.Nanoseconds, row.Bytes - bare.Bytes);
            var over = row.Row == bareRow ? "" : string.Create(CultureInfo.InvariantCulture, $"{nanoseconds:+0.0;-0.0} ns, {bytes:+0;-0;0} B");
            Line($"| {row.Row} | {row.Nanoseconds:0.0} | {row.Bytes} | {over} | {RedisBudget.OfCall(row.Row, nanoseconds, bytes)} |");
        }
    }

    private void Line(FormattableString line) => _text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
