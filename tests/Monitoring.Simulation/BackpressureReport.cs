using System.Globalization;
using System.Text;
using Monitoring.Backpressure;

namespace Monitoring.Simulation;

/// <summary>The study as the tables of docs/backpressure.md.</summary>
internal static class BackpressureReport
{
    private static readonly BackpressureSignal[] Columns =
        [BackpressureSignal.Arrivals, BackpressureSignal.Workers, BackpressureSignal.Utilization, BackpressureSignal.Sojourn, BackpressureSignal.OldestTask, BackpressureSignal.Depth];

    public static string Of(BackpressureStudy study)
    {
        var text = new StringBuilder();
        Table(text, "Stable queues: every alarm is a false one", ["queue", "load", "simulated", "mean wait", "in theory", "alarms", "alarms a day", "longest", "signals"],
            study.Stable.Select(static result => new[]
            {
                $"{result.Scenario.Shape}", Percent(result.Scenario.Load), $"{result.Scenario.Duration.TotalHours:0} h", Seconds(result.MeanWait), Seconds(result.TheoreticalMeanWait),
                $"{result.Alarms.Count}", Number(result.AlarmsPerDay), result.Alarms.Count == 0 ? "–" : $"{result.Alarms.LongestSeconds} s", Names(result.Alarms.Signals),
            }));
        Table(text, "Overload: seconds from its onset, the median of 20 runs", ["queue", "arrivals", "detected", "slowest run", "severe", .. Columns.Select(Name)],
            study.Overloads.Select(static result => (string[])
            [
                $"{result.Scenario.Shape}", result.Scenario.Name, Median(result.Delays.Detected), Slowest(result.Delays.Detected), Median(result.Delays.Severe),
                .. Columns.Select(signal => Median(result.Delays.Of(signal))),
            ]));
        Table(text, "Failures at 70 % load: seconds from the onset, the median of 20 runs", ["what happens", "detected", "slowest run", "severe", "first signals, and when"],
            study.Failures.Select(static result => new[]
            {
                result.Scenario.Name, Median(result.Delays.Detected), Slowest(result.Delays.Detected), Median(result.Delays.Severe), First(result.Delays),
            }));
        Table(text, "Bursts: an hour each; no task of theirs is more than the workers can do in the long run", ["what comes", "deepest", "alarms an hour", "share of the time", "longest", "signals"],
            study.Bursts.Select(static result => new[]
            {
                result.Scenario.Name, $"{result.DeepestSeen}", Number((double)result.Alarms.Count / BurstScenario.Hours), Percent(result.Alarms.Seconds / (BurstScenario.Hours * 3600.0)),
                result.Alarms.Count == 0 ? "–" : $"{result.Alarms.LongestSeconds} s", Names(result.Alarms.Signals),
            }));
        Table(text, "Recovery after a minute of trouble: seconds from its end, the median of 20 runs", ["the trouble", "backlog worked off", "no longer detected", "slowest run"],
            study.Recoveries.Select(static result => new[]
            {
                result.Scenario.Name, Median(result.BacklogSeconds), Median(result.AlarmSeconds), Slowest(result.AlarmSeconds),
            }));
        return text.ToString().TrimEnd() + "\n";
    }

    private static void Table(StringBuilder text, string title, string[] header, IEnumerable<string[]> rows)
    {
        text.Append(CultureInfo.InvariantCulture, $"**{title}**\n\n| {string.Join(" | ", header)} |\n|{string.Concat(Enumerable.Repeat("---|", header.Length))}\n");
        foreach (var row in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row)} |\n");
        }

        text.Append('\n');
    }

    private static string First(Delays delays) => string.Join(", ",
        from signal in Enum.GetValues<BackpressureSignal>()
        let seen = delays.Of(signal)
        where seen.Count > OnsetScenario.Runs / 2
        orderby Delays.Median(seen)
        select $"{Name(signal)} {Median(seen)}");

    private static string Names(IEnumerable<BackpressureSignal> signals) => string.Join(", ", signals.Select(Name)) is { Length: > 0 } names ? names : "–";

    private static string Name(BackpressureSignal signal) => signal switch
    {
        BackpressureSignal.NoWorkers => "no workers",
        BackpressureSignal.NoProgress => "no progress",
        BackpressureSignal.ProcessingTime => "processing time",
        BackpressureSignal.OldestTask => "oldest task",
        _ => signal.ToString().ToLowerInvariant(),
    };

    // How many runs saw it, where not all did.
    private static string Median(IReadOnlyList<double> seconds) =>
        Delays.Median(seconds) is not { } median ? "–" : seconds.Count < OnsetScenario.Runs ? $"{Number(median)} ({seconds.Count} of {OnsetScenario.Runs})" : Number(median);

    private static string Slowest(IReadOnlyList<double> seconds) => seconds.Count == 0 ? "–" : Number(seconds.Max());

    private static string Percent(double share) => (100 * share).ToString("0.#", CultureInfo.InvariantCulture) + " %";

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Seconds(double value) => value.ToString("0.000", CultureInfo.InvariantCulture) + " s";
}
