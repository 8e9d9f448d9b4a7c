namespace WebhookLoad;

/// <summary>Prints the service's condition once a second and remembers what it has seen.</summary>
internal sealed class ConditionWatch(MonitoringApi api, WebhookSender sender)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private Condition? _last;

    public HashSet<string> AlertsSeen { get; } = [];

    public bool CircuitOpened { get; private set; }

    /// <summary>Nothing is wrong, as far as was seen last.</summary>
    public bool IsOver => _last is { Alerts.Count: 0, CircuitIsClosed: true };

    /// <summary>Prints until the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                await ObserveAsync(stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The time is over.
        }
    }

    /// <summary>Looks once, and prints what it sees.</summary>
    public async Task ObserveAsync(CancellationToken stop)
    {
        try
        {
            _last = await Condition.ReadAsync(api, sender.Elapsed, stop);
            AlertsSeen.UnionWith(_last.Alerts);
            CircuitOpened |= !_last.CircuitIsClosed;
            Console.WriteLine(_last.ToLine(sender.Elapsed));
        }
        catch (Exception exception) when (!stop.IsCancellationRequested && MonitoringApi.IsAway(exception))
        {
            Console.WriteLine($"{sender.Elapsed.TotalSeconds,4:0} s  the API does not answer: {exception.Message}");
        }
    }
}
