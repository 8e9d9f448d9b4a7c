using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.TaskQueues;
using Monitoring.TestSupport;

namespace Monitoring.IntegrationTests.Service;

public sealed class FullQueueTests
{
    [Fact]
    public async Task A_full_queue_asks_the_sender_to_come_again_and_forgets_nothing()
    {
        await using var redis = await ServerProcess.StartRedisAsync();
        var queue = new DoorKeeper();
        await using var service = new WebApplicationFactory<Program>().WithWebHostBuilder(host => host
            .UseSetting("ConnectionStrings:Redis", redis.EndPoint)
            .UseSetting("GitHub:Secret", ServiceProcess.GitHubSecret)
            .UseSetting("Twilio:AuthToken", ServiceProcess.TwilioAuthToken)
            .ConfigureTestServices(services => services.AddSingleton<IBackgroundTaskQueue>(queue)));
        using var client = service.CreateClient();
        var delivery = Guid.NewGuid().ToString();

        queue.IsFull = true;
        using var refused = await PostAsync(client, delivery);
        queue.IsFull = false;
        using var accepted = await PostAsync(client, delivery);

        refused.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        refused.Headers.RetryAfter!.Delta.Should().BePositive();
        accepted.StatusCode.Should().Be(HttpStatusCode.Accepted, "a delivery that was refused is not a duplicate");
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string delivery)
    {
        var body = Encoding.UTF8.GetBytes("""{"repository":{"full_name":"octo-org/api"},"sender":{"login":"octocat"}}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/github") { Content = new ByteArrayContent(body) };
        request.Headers.Add("X-GitHub-Event", "push");
        request.Headers.Add("X-GitHub-Delivery", delivery);
        request.Headers.Add("X-Hub-Signature-256", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(ServiceProcess.GitHubSecret), body)));
        return await client.SendAsync(request);
    }

    /// <summary>A queue that takes or refuses as it is told, and whose tasks nobody runs.</summary>
    private sealed class DoorKeeper : IBackgroundTaskQueue
    {
        public bool IsFull { get; set; }

        public ValueTask<EnqueueOutcome> EnqueueAsync(BackgroundTask task, CancellationToken cancellationToken = default) => new(EnqueueOutcome.Accepted);

        public bool TryEnqueue(BackgroundTask task) => !IsFull;

        public async ValueTask<BackgroundTask> DequeueAsync(CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            throw new InvalidOperationException("Nobody waits that long.");
        }

        public TaskQueueDepth GetDepth() => default;
    }
}
