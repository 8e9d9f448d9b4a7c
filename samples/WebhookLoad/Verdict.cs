using System.Diagnostics;

namespace WebhookLoad;

/// <summary>Whether the run was a success: work was done, none was lost, and an outage was noticed and got over.</summary>
internal static class Verdict
{
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ResolutionPatience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public static async Task<bool> ReachAsync(MonitoringApi api, WebhookSender sender, ConditionWatch watch, long before, bool expectOutage)
    {
        var processed = await DrainAsync(api, before, sender.Accepted);
        await watch.ObserveAsync(CancellationToken.None);
        var waiting = Stopwatch.StartNew();
        while (expectOutage && !watch.IsOver && waiting.Elapsed < ResolutionPatience)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            await watch.ObserveAsync(CancellationToken.None);
        }

        var lost = Math.Max(0, sender.Accepted - processed);
        Console.WriteLine();
        Console.WriteLine($"{sender.Accepted} webhooks accepted, {processed} processed, {lost} lost; {sender.Redelivered} redelivered, {sender.Refused} never accepted.");
        var passed = processed > 0 && lost == 0;
        if (expectOutage)
        {
            Console.WriteLine($"The circuit {(watch.CircuitOpened ? "opened" : "did not open")}; alerts that fired: {(watch.AlertsSeen.Count == 0 ? "none" : string.Join(", ", watch.AlertsSeen.Order()))}; {(watch.IsOver ? "all are resolved" : "not all are resolved")}.");
            passed &= watch.CircuitOpened && watch.AlertsSeen.Count > 0 && watch.IsOver;
        }

        Console.WriteLine(passed ? "Demo passed." : "Demo failed.");
        return passed;
    }

    private static async Task<long> DrainAsync(MonitoringApi api, long before, int accepted)
    {
        var waiting = Stopwatch.StartNew();
        long processed = 0;
        do
        {
            try
            {
                processed = await api.GetProcessedAsync() - before;
            }
            catch (Exception exception) when (MonitoringApi.IsAway(exception))
            {
                // Redis may still be on its way back.
            }

            await Task.Delay(Pause);
        }
        while (processed < accepted && waiting.Elapsed < DrainPatience);
        return processed;
    }
}
