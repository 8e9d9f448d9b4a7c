using System.Globalization;
using System.Text;

namespace Monitoring.Benchmarks.Queues;

/// <summary>Writes the section about queues: everything in it comes from the run that wrote it, but for the notes at its end.</summary>
internal sealed class QueueReport
{
    private const double OfChannel = 0.4;
    private const double OfUnmonitored = 0.85;
    private const double OfQuartz = 20;

    private readonly StringBuilder _text = new();
    private readonly IReadOnlyDictionary<string, List<QueueCost>> _costs;

    public QueueReport(int rounds, TimeSpan turn, string server, IReadOnlyDictionary<string, List<QueueCost>> costs)
    {
        _costs = costs;
        _text.AppendLine(ResultsPage.Heading("Task queues", "eng/bench queue", server));
        _text.AppendLine().AppendLine("## From enqueue to the end of a task that does nothing").AppendLine();
        Line($"One producer and, but for Quartz.NET with its ten threads, one worker; {QueueCommand.Capacity:#,0} places in the queues of this process. The queues take turns of {turn.TotalSeconds} s, {rounds} rounds; a figure is the median of the rounds, a ratio the median of each round's. Bytes include the task itself.");
        _text.AppendLine();
        var table = new StringBuilder();
        Row(table, $"| queue | ns/task | processor ns/task | tasks/s | B/task | throughput ÷ channel | budget |");
        Row(table, $"|---|---:|---:|---:|---:|---:|---|");
        foreach (var (name, row) in costs)
        {
            var nanoseconds = ResultsPage.Median(row.Select(static cost => cost.Nanoseconds));
            Row(table, $"| {name} | {nanoseconds:#,0} | {ResultsPage.Median(row.Select(static cost => cost.ProcessorNanoseconds)):#,0} | {1e9 / nanoseconds:#,0} | {ResultsPage.Median(row.Select(static cost => cost.Bytes)):#,0} | {Throughput(name, ChannelQueue.Row):0.000} | {(name == OwnQueue.MonitoredRow ? Budgets() : "")} |");
        }

        Table = table.ToString();
        _text.Append(Table);
    }

    /// <summary>The rows.</summary>
    public string Table { get; }

    /// <summary>How many budgets were missed.</summary>
    public int Missed => Table.Split("**missed**").Length - 1;

    /// <summary>The section, with what is to be said about its figures at its end.</summary>
    public string Finish(string? notes) => notes is null ? _text.ToString() : _text.AppendLine().Append(notes).ToString();

    private static string Verdict(double ratio, double budget, string of) =>
        string.Create(CultureInfo.InvariantCulture, $"{ratio:0.00} of {of}, ≥ {budget}: {(ratio >= budget ? "holds" : "**missed**")}");

    private static void Row(StringBuilder text, FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));

    private string Budgets() => string.Join("; ",
        Verdict(Throughput(OwnQueue.MonitoredRow, ChannelQueue.Row), OfChannel, "the channel"),
        Verdict(Throughput(OwnQueue.MonitoredRow, OwnQueue.UnmonitoredRow), OfUnmonitored, "unmonitored"),
        Verdict(Throughput(OwnQueue.MonitoredRow, QuartzQueue.Row), OfQuartz, "Quartz.NET"));

    private double Throughput(string row, string baseline) =>
        ResultsPage.Median(_costs[row].Zip(_costs[baseline], static (mine, theirs) => theirs.Nanoseconds / mine.Nanoseconds));

    private void Line(FormattableString line) => Row(_text, line);
}
