using Monitoring.IntegrationTests.Service;

namespace Monitoring.IntegrationTests.Dashboard;

/// <summary>Webhooks at a steady pace, whatever becomes of them; some with a wrong signature, now and then a look at the statistics.</summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(40);

    private readonly ServiceProcess _service;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _sending;

    public SteadyLoad(ServiceProcess service)
    {
        _service = service;
        _sending = Task.Run(SendAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _sending;
        _stopping.Dispose();
    }

    private async Task SendAsync()
    {
        var underWay = new List<Task>();
        using var timer = new PeriodicTimer(Pace);
        for (var i = 0; !_stopping.IsCancellationRequested; i++)
        {
            underWay.RemoveAll(static task => task.IsCompleted);
            underWay.Add(SendAsync(i));
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        await Task.WhenAll(underWay);
    }

    private async Task SendAsync(int number)
    {
        try
        {
            var body = $$$"""{"repository":{"full_name":"octo-org/api-{{{number % 5}}}"},"sender":{"login":"octocat"}}""";
            using var response = await (number % 20 == 7
                ? _service.Client.GetAsync("/stats")
                : _service.PostGitHubAsync(body: body, signature: number % 50 == 11 ? "sha256=00" : null));
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            // The service is away, or does not answer: a test wants it so.
        }
    }
}
