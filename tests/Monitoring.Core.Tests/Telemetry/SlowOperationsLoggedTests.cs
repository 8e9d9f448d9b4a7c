using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.Redis;
using Monitoring.TaskQueues;
using Monitoring.Telemetry;
using Monitoring.TestSupport;
using Monitoring.Webhooks;

namespace Monitoring.Core.Tests.Telemetry;

/// <summary>What the rooms hand to the log of slow operations.</summary>
public sealed class SlowOperationsLoggedTests : IDisposable
{
    private readonly FakeClock _clock = new();
    private readonly JsonLog _json = new();
    private readonly MonitoringOptions _options = new();
    private readonly PerformanceMonitor _monitor;

    public SlowOperationsLoggedTests() => _monitor = PerformanceMonitor.Create(_options, _clock, _json);

    public void Dispose()
    {
        _monitor.Dispose();
        _json.Dispose();
    }

    [Fact]
    public void A_webhook_from_two_seconds_on_with_where_its_time_went()
    {
        Handle(TimeSpan.FromMilliseconds(1999));
        _json.Lines.Should().BeEmpty();

        Handle(TimeSpan.FromSeconds(2));

        var fields = State(EventIds.SlowWebhook);
        Text(fields, "Operation").Should().Be("github");
        fields.GetProperty("DurationMs").GetDouble().Should().Be(2000);
        Text(fields, "Outcome").Should().Be("status 202");
        Text(fields, "Detail").Should().Be("RedisOperation 1990 ms, Validation 10 ms");

        void Handle(TimeSpan time)
        {
            using var timing = ((IPerformanceMonitor)_monitor).BeginWebhook("github");
            using (timing.Measure(WebhookPhase.Validation))
            {
                _clock.Advance(TimeSpan.FromMilliseconds(10));
            }

            using (timing.Measure(WebhookPhase.RedisOperation))
            {
                _clock.Advance(time - TimeSpan.FromMilliseconds(10));
            }

            timing.StatusCode = 202;
        }
    }

    [Fact]
    public void A_Redis_operation_beyond_its_threshold_with_the_pattern_of_its_key()
    {
        _options.Redis.CaptureRawKeys = true;
        _monitor.Redis.Observe(Observation(isSlow: false));
        _monitor.Redis.Observe(Observation(isSlow: true) with { Failure = RedisFailureKind.Rejected });
        _json.Lines.Should().BeEmpty();

        _monitor.Redis.Observe(Observation(isSlow: true) with { Failure = RedisFailureKind.Timeout, TraceId = "0af7651916cd43dd8448eb211c80319c" });

        var fields = State(EventIds.SlowRedisOperation);
        Text(fields, "Operation").Should().Be("GET");
        Text(fields, "Source").Should().Be("redis:6379");
        Text(fields, "Detail").Should().Be("key session:{id}");
        Text(fields, "Outcome").Should().Be("Timeout");
        Text(fields, "TraceId").Should().Be("0af7651916cd43dd8448eb211c80319c");
        fields.GetProperty("ThresholdMs").GetDouble().Should().Be(100);
        _json.Lines.Single().ToString().Should().NotContain("3f2504e0");

        static RedisObservation Observation(bool isSlow) => new(
            "GET", "redis:6379", "session:3f2504e04f8941d39a0c0305e82c3301", TimeSpan.FromMilliseconds(250), RedisFailureKind.None, null, 0, null, null, isSlow);
    }

    [Fact]
    public async Task A_task_beyond_its_threshold_and_one_that_fails_late()
    {
        var queue = new BoundedTaskQueue(new TaskQueueOptions(), _clock).WithMonitoring(_monitor);
        await using var services = new ServiceCollection().BuildServiceProvider();

        await RunAsync(TimeSpan.FromSeconds(4.9), null);
        _json.Of(EventIds.SlowTask).Should().BeEmpty();
        await RunAsync(TimeSpan.FromSeconds(5), null);
        var run = () => RunAsync(TimeSpan.FromSeconds(6), new IOException("no"));
        await run.Should().ThrowAsync<IOException>();

        _json.Of(EventIds.SlowTask).Select(line => Text(line.GetProperty("State"), "Outcome")).Should().Equal("completed", "failed, given up");
        var fields = _json.Of(EventIds.SlowTask).Last().GetProperty("State");
        Text(fields, "Operation").Should().Be("export");
        Text(fields, "Source").Should().Be("tasks");
        Text(fields, "Detail").Should().MatchRegex("^task [0-9a-f]{32}, priority Normal, attempt 1$");
        fields.GetProperty("DurationMs").GetDouble().Should().Be(6000);

        async Task RunAsync(TimeSpan time, Exception? error)
        {
            await queue.EnqueueAsync(BackgroundTask.Create(
                _ =>
                {
                    _clock.Advance(time);
                    return error is null ? default : ValueTask.FromException(error);
                },
                typeName: "export"));
            await (await queue.DequeueAsync(CancellationToken.None)).ExecuteAsync(services, CancellationToken.None);
        }
    }

    [Fact]
    public void Thresholds_and_budget_change_with_a_reload()
    {
        _options.Logs = new LogOptions { WebhookThreshold = TimeSpan.FromMilliseconds(100), Burst = 1 };
        _monitor.Reload(_options);

        for (var i = 0; i < 3; i++)
        {
            _monitor.Webhooks.Record(new WebhookTimingBreakdown { Endpoint = "github", Total = TimeSpan.FromMilliseconds(150) });
        }

        Text(State(EventIds.SlowWebhook), "Outcome").Should().Be("completed");
    }

    private static string? Text(JsonElement fields, string name) => fields.GetProperty(name).GetString();

    private JsonElement State(int eventId) => _json.Of(eventId).Should().ContainSingle().Subject.GetProperty("State");
}
