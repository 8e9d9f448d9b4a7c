using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.Backpressure;
using Monitoring.TaskQueues;
using Monitoring.TestSupport;

namespace Monitoring.AspNetCore.Tests;

public sealed class AdmissionTests : IAsyncDisposable
{
    private readonly FakeClock _clock = new();
    private readonly List<string> _handled = [];
    private WebApplication _app = null!;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_calm_queue_lets_everything_pass()
    {
        await StartAsync();
        Measure(depth: 10);

        foreach (var path in new[] { "/high", "/normal", "/low", "/branch" })
        {
            (await SendAsync(path)).StatusCode.Should().Be(HttpStatusCode.OK);
        }

        _handled.Should().Equal("high", "normal", "low", "branch");
    }

    [Theory]
    [InlineData(850, new[] { "/high", "/normal" }, new[] { "/low", "/branch" })]
    [InlineData(960, new[] { "/high" }, new[] { "/normal", "/low", "/branch" })]
    [InlineData(1000, new string[0], new[] { "/high", "/normal", "/low", "/branch" })]
    public async Task What_is_shed_gets_503_with_retry_after_and_a_problem_before_its_handler_runs(int depth, string[] admitted, string[] refused)
    {
        await StartAsync();
        Measure(depth);

        foreach (var path in admitted)
        {
            (await SendAsync(path)).StatusCode.Should().Be(HttpStatusCode.OK);
        }

        _handled.Clear();
        foreach (var path in refused)
        {
            // Not JSON: whoever bound it would answer 400.
            using var response = await SendAsync(path, body: "{");

            response.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            response.Headers.RetryAfter!.Delta!.Value.Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1)).And.BeLessThanOrEqualTo(TimeSpan.FromSeconds(75));
            response.Headers.CacheControl!.NoStore.Should().BeTrue();
            response.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
            using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            problem.RootElement.GetProperty("status").GetInt32().Should().Be(503);
            problem.RootElement.GetProperty("detail").GetString().Should().Contain("Queue tasks");
        }

        _handled.Should().BeEmpty();
    }

    [Fact]
    public async Task Another_queue_is_judged_by_itself()
    {
        await StartAsync();
        Measure(depth: 1000);

        (await SendAsync("/other")).StatusCode.Should().Be(HttpStatusCode.OK, "nobody knows that queue, so nothing speaks against it");
    }

    [Fact]
    public async Task An_admission_that_fails_admits()
    {
        await StartAsync(new FailingAdmission());

        (await SendAsync("/normal")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Readers_see_what_would_be_said_and_that_is_not_counted()
    {
        await StartAsync();
        Measure(depth: 850);

        using var answer = JsonDocument.Parse(await (await SendAsync("/api/performance/admission", get: true)).Content.ReadAsStringAsync());

        var decisions = answer.RootElement.GetProperty("decisions").EnumerateArray().ToArray();
        decisions.Select(decision => (decision.GetProperty("priority").GetString(), decision.GetProperty("isAdmitted").GetBoolean()))
            .Should().Equal(("High", true), ("Normal", true), ("Low", false));
        decisions[2].GetProperty("retryAfterMs").GetDouble().Should().BePositive();
        decisions[2].GetProperty("reason").GetString().Should().Contain("850 of 1,000");
        decisions[2].GetProperty("level").GetString().Should().Be(nameof(BackpressureLevel.Elevated));
        var summary = _app.Services.GetRequiredService<IPerformanceMonitor>().GetTaskQueueSummary();
        (summary.Admitted, summary.Refused).Should().Be((0, 0));
    }

    private async Task StartAsync(IAdmission? admission = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddSingleton<TimeProvider>(_clock);
        if (admission is not null)
        {
            builder.Services.AddSingleton(admission);
        }

        builder.Services.AddMonitoring();
        _app = builder.Build();
        _app.Use((context, next) =>
        {
            context.Connection.RemoteIpAddress = IPAddress.Loopback;
            return next(context);
        });
        _app.Map("/branch", branch => branch.UseAdmission(TaskPriority.Low).Run(context =>
        {
            _handled.Add("branch");
            return Task.CompletedTask;
        }));
        _app.MapPost("/high", (Work work) => _handled.Add("high")).RequireAdmission(TaskPriority.High);
        _app.MapPost("/normal", (Work work) => _handled.Add("normal")).RequireAdmission();
        var group = _app.MapGroup("").RequireAdmission(TaskPriority.Low);
        group.MapPost("/low", (Work work) => _handled.Add("low"));
        _app.MapPost("/other", (Work work) => _handled.Add("other")).RequireAdmission(queue: "mail");
        _app.MapMonitoring();
        await _app.StartAsync();
    }

    private void Measure(int depth)
    {
        var monitor = _app.Services.GetRequiredService<IPerformanceMonitor>();
        monitor.RecordTaskQueueMetrics(new TaskQueueMetrics { Queue = TaskQueueMonitor.DefaultQueue, Depth = depth, Capacity = 1000 });
        _clock.Advance(TimeSpan.FromSeconds(2));
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string body = "{}", bool get = false)
    {
        using var client = _app.GetTestClient();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        return get ? await client.GetAsync(path) : await client.PostAsync(path, content);
    }

    private sealed record Work;

    private sealed class FailingAdmission : IAdmission
    {
        public AdmissionDecision Admit(TaskPriority priority = TaskPriority.Normal, string? queue = null) => throw new InvalidOperationException("broken");

        public AdmissionDecision Preview(TaskPriority priority = TaskPriority.Normal, string? queue = null) => throw new InvalidOperationException("broken");
    }
}
