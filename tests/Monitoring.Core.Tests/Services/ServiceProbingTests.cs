using Monitoring.Services;

namespace Monitoring.Core.Tests.Services;

public sealed class ServiceProbingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void Asks_at_its_interval_from_the_initial_delay_on()
    {
        using var stage = new ServiceStage().Watch(static options => options.InitialDelay = TimeSpan.FromSeconds(7));
        stage.Clock.Advance(TimeSpan.FromSeconds(6.9));
        stage.Calls.Should().Be(0);

        stage.Clock.Advance(TimeSpan.FromSeconds(0.1));
        stage.Calls.Should().Be(1);
        stage.Clock.Advance(TimeSpan.FromSeconds(9.9));
        stage.Calls.Should().Be(1);
        stage.Clock.Advance(TimeSpan.FromSeconds(0.1));
        stage.Calls.Should().Be(2);
    }

    [Fact]
    public void Jitter_only_lengthens_the_interval()
    {
        using var stage = new ServiceStage().Watch(static options => options.JitterPercent = 50);
        stage.Clock.Advance(TimeSpan.FromSeconds(100 * 15));

        stage.Calls.Should().BeInRange(100, 150).And.NotBe(150, "then there was none");
    }

    [Fact]
    public void Stops_with_the_monitor()
    {
        using var stage = new ServiceStage().Watch();
        stage.Succeed();

        stage.Monitor.Dispose();
        stage.Clock.Advance(TimeSpan.FromMinutes(5));

        stage.Calls.Should().Be(1);
        stage.Monitor.Add("late", static _ => default).Should().BeFalse();
        stage.Service.Status.Should().Be(ServiceStatus.Healthy);
    }

    [Fact]
    public void An_exception_is_a_failure_without_its_secrets()
    {
        using var stage = new ServiceStage().Watch();

        stage.Ask(static () => throw new InvalidOperationException("login failed, password=hunter2\r\nat http://joe:s3cret@db/")).LastError
            .Should().Be("InvalidOperationException: login failed, password=***  at http://***@db/");
        stage.Errors.Count.Should().Be(0, "it is no error of ours");
    }

    [Fact]
    public async Task A_probe_that_ends_when_it_is_told_to_has_timed_out()
    {
        using var stage = new ServiceStage().Watch(probe: static async token =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return ServiceProbeResult.Healthy;
        });
        stage.Clock.Advance(TimeSpan.Zero);

        stage.Clock.Advance(TimeSpan.FromSeconds(5));

        await EventuallyAsync(() => stage.Service.Checks == 1);
        stage.Service.Should().BeEquivalentTo(new { Status = ServiceStatus.Warning, LastError = "It did not answer within 5 s.", Failures = 1, ResponseTime = (TimeSpan?)null });
    }

    [Fact]
    public async Task A_probe_that_a_timer_ends_a_little_before_its_time_has_timed_out()
    {
        using var stage = new ServiceStage(early: TimeSpan.FromMilliseconds(1)).Watch(probe: static async token =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return ServiceProbeResult.Healthy;
        });
        stage.Clock.Advance(TimeSpan.Zero);

        stage.Clock.Advance(TimeSpan.FromMilliseconds(4999));

        await EventuallyAsync(() => stage.Service.Checks == 1);
        stage.Service.LastError.Should().Be("It did not answer within 5 s.");
    }

    [Fact]
    public async Task A_probe_that_hangs_and_hears_nothing_fails_turn_by_turn_and_is_not_called_again_until_it_ends()
    {
        var calls = 0;
        var ends = new TaskCompletionSource<ServiceProbeResult>();
        using var stage = new ServiceStage().Watch(probe: _ => Interlocked.Increment(ref calls) == 1 ? new(ends.Task) : new(ServiceProbeResult.Healthy));
        stage.Clock.Advance(TimeSpan.Zero);
        stage.Clock.Advance(TimeSpan.FromSeconds(5));
        await EventuallyAsync(() => stage.Service.Checks == 1);

        stage.Clock.Advance(TimeSpan.FromSeconds(25));

        stage.Service.Should().BeEquivalentTo(new { Status = ServiceStatus.Critical, Failures = 4, LastError = "It did not answer within 5 s and has not ended since." });
        calls.Should().Be(1);
        ends.SetResult(ServiceProbeResult.Healthy);
        await EventuallyAsync(() =>
        {
            stage.Clock.Advance(TimeSpan.FromSeconds(10));
            return stage.Service.Status == ServiceStatus.Healthy;
        });
    }

    [Fact]
    public async Task A_probe_that_blocks_its_thread_stops_no_other_and_nobody_who_asks()
    {
        using var gate = new ManualResetEventSlim();
        using var monitor = PerformanceMonitor.Create(new MonitoringOptions { System = { Enabled = false } });
        var blocking = new ServiceProbeOptions { Interval = TimeSpan.FromSeconds(1), Timeout = TimeSpan.FromMilliseconds(50), FailuresToCritical = 2 };
        monitor.Services.Add("blocks", _ =>
        {
            gate.Wait(Patience, CancellationToken.None);
            return new(ServiceProbeResult.Healthy);
        }, blocking);
        monitor.Services.Add("fine", static _ => new(ServiceProbeResult.Healthy), new ServiceProbeOptions { Interval = TimeSpan.FromSeconds(1) });

        await EventuallyAsync(() => Status("blocks") == ServiceStatus.Critical && Status("fine") == ServiceStatus.Healthy);
        gate.Set();
        await EventuallyAsync(() => Status("blocks") == ServiceStatus.Healthy);

        ServiceStatus Status(string name) => monitor.Services.GetSummary().Services.Single(service => service.Name == name).Status;
    }

    [Fact]
    public async Task A_probe_never_overlaps_itself_and_all_are_asked_by_real_threads()
    {
        var (running, overlaps, calls) = (new int[20], 0, 0);
        using var monitor = PerformanceMonitor.Create(new MonitoringOptions { System = { Enabled = false } });
        for (var i = 0; i < running.Length; i++)
        {
            var service = i;
            monitor.Services.Add($"service-{i}", async _ =>
            {
                Interlocked.Add(ref overlaps, Interlocked.Increment(ref running[service]) - 1);
                await Task.Delay(Random.Shared.Next(0, 1500), CancellationToken.None);
                Interlocked.Decrement(ref running[service]);
                Interlocked.Increment(ref calls);
                return ServiceProbeResult.Healthy;
            }, new ServiceProbeOptions { Interval = TimeSpan.FromSeconds(1), Timeout = TimeSpan.FromMilliseconds(400) });
        }

        await EventuallyAsync(() => Volatile.Read(ref calls) >= 60 && monitor.Services.GetSummary().Unknown == 0);

        overlaps.Should().Be(0);
        monitor.Services.GetSummary().Count.Should().Be(20);
    }

    [Fact]
    public async Task What_is_ambient_to_who_adds_a_service_is_not_to_its_probe()
    {
        var ambient = new AsyncLocal<string?> { Value = "request" };
        var seen = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var monitor = PerformanceMonitor.Create(new MonitoringOptions { System = { Enabled = false } });

        monitor.Services.Add("orders", _ =>
        {
            seen.TrySetResult(ambient.Value);
            return new(ServiceProbeResult.Healthy);
        });

        (await seen.Task.WaitAsync(Patience)).Should().BeNull();
        ambient.Value.Should().Be("request");
    }

    internal static async Task EventuallyAsync(Func<bool> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            TimeProvider.System.GetElapsedTime(started).Should().BeLessThan(Patience);
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }
}
