using System.Diagnostics;
using System.Net;

namespace WebhookLoad;

/// <summary>Sends webhooks at a steady rate, and delivers again what was not accepted, as a patient sender does.</summary>
internal sealed class WebhookSender(Uri service, string secret) : IDisposable
{
    private const int MostAtOnce = 2000;
    private const int WarmUp = 30;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly Stopwatch _elapsed = new();
    private int _accepted;
    private int _redelivered;
    private int _underWay;
    private int _refused;

    public TimeSpan Elapsed => _elapsed.Elapsed;

    /// <summary>Webhooks answered with 202.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Answers that asked to deliver again.</summary>
    public int Redelivered => Volatile.Read(ref _redelivered);

    /// <summary>Webhooks that were never accepted.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>Sends a few, one after the other: the service compiles its code on the first ones, which says nothing about Redis.</summary>
    public async Task WarmUpAsync()
    {
        using var outOfPatience = new CancellationTokenSource(Patience);
        for (var number = 0; number < WarmUp; number++)
        {
            await DeliverAsync(new GitHubDelivery(number, secret), outOfPatience.Token);
        }
    }

    /// <summary>Sends until the token is cancelled, then waits for what is under way.</summary>
    public async Task RunAsync(int rate, CancellationToken stop)
    {
        _elapsed.Start();
        using var outOfPatience = new CancellationTokenSource();
        var deliveries = new List<Task>();
        using var timer = new PeriodicTimer(Pace);
        try
        {
            for (var sent = 0; await timer.WaitForNextTickAsync(stop);)
            {
                for (var due = (long)(Elapsed.TotalSeconds * rate); sent < due; sent++)
                {
                    // A service that is away for long must not exhaust this machine: what is too much is not sent.
                    if (Volatile.Read(ref _underWay) < MostAtOnce)
                    {
                        deliveries.Add(DeliverAsync(new GitHubDelivery(WarmUp + sent, secret), outOfPatience.Token));
                    }
                }

                deliveries.RemoveAll(delivery => delivery.IsCompleted);
            }
        }
        catch (OperationCanceledException)
        {
            // The time is over, or somebody pressed Ctrl-C.
        }

        outOfPatience.CancelAfter(Patience);
        await Task.WhenAll(deliveries);
    }

    public void Dispose() => _client.Dispose();

    private async Task DeliverAsync(GitHubDelivery delivery, CancellationToken outOfPatience)
    {
        Interlocked.Increment(ref _underWay);
        try
        {
            while (await TryDeliverAsync(delivery, outOfPatience) is { } wait)
            {
                Interlocked.Increment(ref _redelivered);
                await Task.Delay(wait, outOfPatience);
            }
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref _refused);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    /// <summary>Null when there is nothing more to do, otherwise how long to wait before the next attempt.</summary>
    private async Task<TimeSpan?> TryDeliverAsync(GitHubDelivery delivery, CancellationToken outOfPatience)
    {
        try
        {
            using var request = delivery.CreateRequest(service);
            using var response = await _client.SendAsync(request, outOfPatience);
            switch (response.StatusCode)
            {
                case HttpStatusCode.ServiceUnavailable:
                    return response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1);
                case HttpStatusCode.Accepted or HttpStatusCode.OK:
                    // 200 answers a delivery whose first answer was lost on the way: it had been accepted.
                    Interlocked.Increment(ref _accepted);
                    return null;
                default:
                    Interlocked.Increment(ref _refused);
                    return null;
            }
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is TaskCanceledException && !outOfPatience.IsCancellationRequested))
        {
            return TimeSpan.FromSeconds(1);
        }
    }
}
