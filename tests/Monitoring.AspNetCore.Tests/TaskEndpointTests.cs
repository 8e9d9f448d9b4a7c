using System.Net;
using System.Text.Json;
using Monitoring.TaskQueues;

namespace Monitoring.AspNetCore.Tests;

/// <summary>Pausing queues and their dead letters over HTTP.</summary>
public sealed class TaskEndpointTests
{
    [Fact]
    public async Task An_admin_pauses_and_resumes_one_queue_or_all()
    {
        var (orders, mails) = (new StubQueue("orders"), new StubQueue("mails"));
        await using var host = await StartAsync(orders, mails);

        using var one = await ReadAsync(await PostAsync(host, "tasks/pause", """{"queue":"orders"}"""));
        (orders.IsPaused, mails.IsPaused).Should().Be((true, false));
        one.RootElement.GetProperty("queues").EnumerateArray().Should().ContainSingle().Which.GetRawText().Should().Be("""{"name":"orders","isPaused":true}""");

        (await PostAsync(host, "tasks/pause", null)).StatusCode.Should().Be(HttpStatusCode.OK);
        (orders.IsPaused, mails.IsPaused).Should().Be((true, true));

        using var all = await ReadAsync(await PostAsync(host, "tasks/resume", "{}"));
        (orders.IsPaused, mails.IsPaused).Should().Be((false, false));
        all.RootElement.GetProperty("queues").GetArrayLength().Should().Be(2);
        host.Log.Entries.Where(static entry => entry.EventId == 1502).Should().HaveCount(5)
            .And.Contain(static entry => entry.Message.StartsWith("Task queue orders was paused by admin", StringComparison.Ordinal));
        host.Monitor.Audit.GetEntries().Select(static entry => (entry.Action, entry.Target, entry.By)).Should().BeEquivalentTo(
            [("queue.resume", "mails", "admin"), ("queue.resume", "orders", "admin"), ("queue.pause", "mails", "admin"), ("queue.pause", "orders", "admin"), ("queue.pause", "orders", "admin")]);
    }

    [Fact]
    public async Task Dead_letters_are_listed_and_redriven()
    {
        var orders = new StubQueue("orders")
        {
            Letters = [Letter("1"), Letter("2"), Letter("3")],
        };
        await using var host = await StartAsync(orders, new StubQueue("mails"));

        using var listed = await ReadAsync(await host.GetAsync("tasks/dead-letters?queue=orders&count=2", MonitoringHost.ReaderKey));
        var queue = listed.RootElement.GetProperty("queues").EnumerateArray().Should().ContainSingle().Subject;
        queue.GetProperty("name").GetString().Should().Be("orders");
        queue.GetProperty("deadLetters").GetArrayLength().Should().Be(2);
        queue.GetProperty("deadLetters")[0].GetRawText().Should().Contain("\"reason\":\"AttemptsExhausted\"").And.Contain("\"exceptionType\":\"IOException\"");

        using var one = await ReadAsync(await PostAsync(host, "tasks/redrive", """{"queue":"orders","id":"2"}"""));
        one.RootElement.GetProperty("redriven").GetInt32().Should().Be(1);
        orders.Letters.Select(static letter => letter.Id).Should().Equal("1", "3");

        using var rest = await ReadAsync(await PostAsync(host, "tasks/redrive", "{}"));
        rest.RootElement.GetProperty("redriven").GetInt32().Should().Be(2);
        (await PostAsync(host, "tasks/redrive", """{"id":"2"}""")).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found_and_what_is_wrong_is_named()
    {
        await using var host = await StartAsync(new StubQueue("orders"));

        (await PostAsync(host, "tasks/pause", """{"queue":"Orders"}""")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await host.GetAsync("tasks/dead-letters?queue=nowhere", MonitoringHost.ReaderKey)).StatusCode.Should().Be(HttpStatusCode.NotFound);
        foreach (var (response, field) in new[]
        {
            (await host.GetAsync("tasks/dead-letters?count=0", MonitoringHost.ReaderKey), "count"),
            (await host.GetAsync("tasks/dead-letters?count=many", MonitoringHost.ReaderKey), "count"),
            (await PostAsync(host, "tasks/redrive", """{"queue":7}"""), "queue"),
            (await PostAsync(host, "tasks/redrive", $$"""{"id":"{{new string('x', 1001)}}"}"""), "id"),
            (await PostAsync(host, "tasks/resume", "[]"), "body"),
        })
        {
            response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
            using var problem = await ReadAsync(response);
            problem.RootElement.GetProperty("errors").TryGetProperty(field, out _).Should().BeTrue();
        }
    }

    [Fact]
    public async Task A_queue_that_does_not_answer_is_unavailable()
    {
        await using var host = await StartAsync(new StubQueue("orders") { Failure = new TimeoutException("secret-host:6379") });

        foreach (var response in new[] { await PostAsync(host, "tasks/pause", "{}"), await host.GetAsync("tasks/dead-letters", MonitoringHost.ReaderKey) })
        {
            response.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            (await response.Content.ReadAsStringAsync()).Should().NotContain("secret");
        }

        host.Log.Entries.Should().Contain(static entry => entry.EventId == 1503);
    }

    private static async Task<MonitoringHost> StartAsync(params StubQueue[] queues)
    {
        var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);
        foreach (var queue in queues)
        {
            queue.WithMonitoring(host.Monitor);
        }

        return host;
    }

    private static Task<HttpResponseMessage> PostAsync(MonitoringHost host, string path, string? body) =>
        host.SendAsync(HttpMethod.Post, path, MonitoringHost.AdminKey, body);

    private static async Task<JsonDocument> ReadAsync(HttpResponseMessage response) => JsonDocument.Parse(await response.Content.ReadAsStringAsync());

    private static DeadLetter Letter(string id) => new() { Id = id, TypeName = "order", Attempts = 3, ExceptionType = "IOException", Message = "no" };

    private sealed class StubQueue(string name) : IManagedTaskQueue
    {
        public string Name => name;

        public bool IsPaused { get; private set; }

        public Exception? Failure { get; init; }

        public List<DeadLetter> Letters { get; init; } = [];

        public ValueTask PauseAsync(CancellationToken cancellationToken = default) => Set(true);

        public ValueTask ResumeAsync(CancellationToken cancellationToken = default) => Set(false);

        public ValueTask<IReadOnlyList<DeadLetter>> GetDeadLettersAsync(int count = 100, CancellationToken cancellationToken = default) =>
            Failure is null ? new([.. Letters.Take(count)]) : throw Failure;

        public ValueTask<int> RedriveAsync(string? id = null, CancellationToken cancellationToken = default) =>
            new(Letters.RemoveAll(letter => id is null || letter.Id == id));

        public ValueTask<EnqueueOutcome> EnqueueAsync(BackgroundTask task, CancellationToken cancellationToken = default) => new(EnqueueOutcome.Accepted);

        public bool TryEnqueue(BackgroundTask task) => true;

        public ValueTask<BackgroundTask> DequeueAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public TaskQueueDepth GetDepth() => default;

        private ValueTask Set(bool paused)
        {
            IsPaused = Failure is null ? paused : throw Failure;
            return ValueTask.CompletedTask;
        }
    }
}
