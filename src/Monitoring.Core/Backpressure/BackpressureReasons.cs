using System.Globalization;

namespace Monitoring.Backpressure;

/// <summary>The sentences that a person reads.</summary>
internal static class BackpressureReasons
{
    public static string NoWorkers(in BackpressureSignals signals) => Text($"{Tasks(signals.Depth)} and there is no worker.");

    public static string NoProgress(in BackpressureSignals signals)
    {
        var busy = signals.Workers is { } workers ? Text($"; {signals.Busy:N0} of {workers:N0} workers are busy") : "";
        return signals.Standstill is { } standstill && signals.Depth > 0
            ? Text($"{Tasks(signals.Depth)}, and nothing was started or ended for {Duration(standstill)}{busy}.")
            : Text($"Nothing was started or ended until a moment ago{busy}.");
    }

    public static string Arrivals(in BackpressureSignals signals)
    {
        var rates = Text($"Arrivals {Rate(signals.ArrivalRate + signals.RejectionRate)}, completions {Rate(signals.CompletionRate)}");
        if (signals.Arrivals <= signals.Completions)
        {
            return $"{rates}: no longer growing.";
        }

        var outcome = BackpressureEstimates.TimeToFull(in signals) switch
        {
            null => "the queue grows",
            { Ticks: 0 } => "the queue is full",
            { } time => $"full in {Duration(time)}",
        };
        return BackpressureEstimates.RequiredWorkers(in signals) is { } required && !(required <= signals.Workers)
            ? Text($"{rates}: {outcome}; {required:N0} {(required == 1 ? "worker" : "workers")} would keep up.")
            : $"{rates}: {outcome}.";
    }

    public static string Sojourn(in BackpressureSignals signals, in LaneSignals lane, BackpressureOptions options)
    {
        var target = $"the target is {Duration(BackpressureRules.WaitTarget(in signals, options))}";
        return (lane.MinimumSojourn, lane.OldestAge) switch
        {
            (_, null) => Text($"Tasks had to wait all the time until a moment ago; {target}."),
            ({ } minimum, _) => Text($"No task{Of(in lane)} waited less than {Duration(minimum)} in the last {Duration(signals.Window)}; {target}."),
            (null, { } age) => Text($"No task{Of(in lane)} was handed out in the last {Duration(signals.Window)}, and the oldest has been waiting for {Duration(age)}; {target}."),
        };
    }

    public static string OldestTask(in BackpressureSignals signals, in LaneSignals lane, BackpressureOptions options)
    {
        var limit = $"the limit is {Duration(BackpressureRules.OldestLimit(in signals, options))}";
        return lane.OldestAge is { } age
            ? Text($"The oldest task{Of(in lane)} has been waiting for {Duration(age)}; {limit}.")
            : Text($"The oldest task waited too long until a moment ago; {limit}.");
    }

    public static string Workers(in BackpressureSignals signals) =>
        BackpressureEstimates.RequiredWorkers(in signals) is { } required && required > signals.Workers
            ? Text($"The work needs {required:N0} workers, and there are {signals.Workers:N0}.")
            : Text($"The work needed more workers than there are until a moment ago ({signals.Workers:N0}).");

    public static string Redelivery(in BackpressureSignals signals, double limit) =>
        Text($"{signals.Redelivered:N0} of {Math.Max(signals.Deliveries, signals.Redelivered):N0} deliveries in the last {Duration(signals.Window)} were of tasks that a worker had been given before; the limit is {limit:0} %.");

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Tasks(int depth) => depth == 1 ? "1 task waits" : Text($"{depth:N0} tasks wait");

    private static string Of(in LaneSignals lane) => lane.Name is null ? "" : $" of {lane.Name} priority";

    private static string Rate(double perSecond) => perSecond >= 10 ? Text($"{perSecond:0}/s") : Text($"{perSecond:0.##}/s");

    private static string Duration(TimeSpan time) => time.TotalSeconds switch
    {
        < 1 => Text($"{time.TotalMilliseconds:0} ms"),
        < 10 => Text($"{time.TotalSeconds:0.#} s"),
        < 120 => Text($"{time.TotalSeconds:0} s"),
        < 7200 => Text($"{time.TotalMinutes:0} min"),
        _ => Text($"{time.TotalHours:0} h"),
    };
}
