using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Monitoring.IntegrationTests.Dashboard;
using Monitoring.TestSupport;

namespace Monitoring.IntegrationTests.Service;

/// <summary>The main job, seen through HTTP alone: Redis stalls, it is noticed and said, it passes, nothing is lost.</summary>
public sealed class OutageTests
{
    private static readonly TimeSpan Noticed = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan GotOver = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_stalled_Redis_opens_the_circuit_and_raises_an_alert_and_both_close_by_themselves()
    {
        await using var redis = await ServerProcess.StartRedisAsync();
        await using var service = await ServiceProcess.StartAsync(redis.EndPoint, SampleStage.WithoutMachine);
        using var stop = new CancellationTokenSource();
        var deliveries = new Deliveries(service);
        var sending = deliveries.SendAsync(stop.Token);

        await Eventually.Async(async () => await service.GetProcessedAsync() > 50, GotOver, () => "no webhook was processed");
        (await OpenCircuitsAsync(service)).Should().BeEmpty();

        redis.Stall();
        try
        {
            await Eventually.Async(async () => await TimeoutsAsync(service) > 0, GotOver, () => "no timeout was counted");
            await Eventually.Async(
                async () => (await OpenCircuitsAsync(service)).Count > 0 && await CriticalAlertsAsync(service) > 0,
                Noticed, () => $"no open circuit or no critical alert; {service.Output}");
            using var health = await service.Client.GetAsync("/api/performance/health");
            health.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        }
        finally
        {
            redis.Continue();
        }

        var recovered = await Eventually.Async(
            async () => (await OpenCircuitsAsync(service)).Count == 0 && await ActiveAlertsAsync(service) == 0,
            GotOver, () => $"the circuit or an alert stayed; {service.Output}");
        var resolved = (await service.GetAsync("alerts")).GetProperty("resolved").EnumerateArray().ToList();
        resolved.Should().NotBeEmpty().And.OnlyContain(alert => alert.GetProperty("resolution").GetString() == "Automatic");

        await stop.CancelAsync();
        await sending;
        deliveries.Accepted.Should().BeGreaterThan(50);
        deliveries.Refused.Should().BeGreaterThan(0, "while Redis was away nothing could be accepted");
        await Eventually.Async(async () => await service.GetProcessedAsync() >= deliveries.Accepted, GotOver, () => $"an accepted webhook was lost; {service.Output}");
        (await service.GetProcessedAsync()).Should().Be(deliveries.Accepted);
        recovered.Should().BeLessThan(GotOver);
    }

    private static async Task<long> TimeoutsAsync(ServiceProcess service) =>
        (await service.GetAsync("redis-operations?window=1m")).GetProperty("failures").GetProperty("timeout").GetInt64();

    private static async Task<List<JsonElement>> OpenCircuitsAsync(ServiceProcess service) =>
        [.. (await service.GetAsync("circuit-breakers")).EnumerateArray().Where(circuit => circuit.GetProperty("state").GetString() != "Closed")];

    private static async Task<int> CriticalAlertsAsync(ServiceProcess service) =>
        (await service.GetAsync("alerts")).GetProperty("summary").GetProperty("critical").GetInt32();

    private static async Task<int> ActiveAlertsAsync(ServiceProcess service) =>
        (await service.GetAsync("alerts")).GetProperty("summary").GetProperty("total").GetInt32();

    /// <summary>A sender that delivers each webhook once, at a steady pace, and notes the answers.</summary>
    private sealed class Deliveries(ServiceProcess service)
    {
        private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
        private readonly ConcurrentQueue<HttpStatusCode> _answers = [];

        public int Accepted => _answers.Count(answer => answer == HttpStatusCode.Accepted);

        public int Refused => _answers.Count(answer => answer == HttpStatusCode.ServiceUnavailable);

        public async Task SendAsync(CancellationToken stop)
        {
            var underWay = new List<Task>();
            using var timer = new PeriodicTimer(Pace);
            while (!stop.IsCancellationRequested)
            {
                await timer.WaitForNextTickAsync(CancellationToken.None);
                underWay.Add(DeliverAsync());
            }

            await Task.WhenAll(underWay);
            _answers.Should().OnlyContain(answer => answer == HttpStatusCode.Accepted || answer == HttpStatusCode.ServiceUnavailable);
        }

        private async Task DeliverAsync()
        {
            using var response = await service.PostGitHubAsync();
            _answers.Enqueue(response.StatusCode);
        }
    }
}
