using Monitoring.Alerts;

namespace Monitoring.Core.Tests.Alerts;

public sealed class AlertDeliveryTests
{
    [Fact]
    public async Task A_notifier_that_hangs_or_throws_delays_nobody_else()
    {
        var hanging = new Hanging();
        using var stage = new AlertStage(configure: null, hanging, new Throwing());

        stage.Latency(120);
        stage.Run(seconds: 1);
        (await stage.Notices.NextAsync()).State.Should().Be(AlertState.Firing);
        stage.Source.Clear();
        stage.Run(seconds: 6);
        (await stage.Notices.NextAsync()).State.Should().Be(AlertState.Resolved);

        hanging.Release();
        await stage.Alerts.DisposeAsync();
        stage.Alerts.GetNotifiers().Should().Equal(
            new AlertNotifierStatus("collector", Delivered: 2, Failed: 0, Dropped: 0, Pending: 0),
            new AlertNotifierStatus("hanging", Delivered: 2, Failed: 0, Dropped: 0, Pending: 0),
            new AlertNotifierStatus("throwing", Delivered: 0, Failed: 2, Dropped: 0, Pending: 0));
        stage.Errors.Count.Should().Be(2);
    }

    [Fact]
    public async Task What_finds_the_queue_of_a_notifier_full_is_dropped_counted_and_reported()
    {
        var hanging = new Hanging();
        using var stage = new AlertStage(options => options.NotifierQueueCapacity = 1, hanging);
        stage.Latency(120, "A");
        stage.Run(seconds: 1);
        await hanging.Called;
        await stage.Notices.NextAsync();
        foreach (var operation in new[] { "B", "C", "D" })
        {
            stage.Latency(120, operation);
            stage.Run(seconds: 1);
            await stage.Notices.NextAsync();
        }

        var status = stage.Alerts.GetNotifiers()[1];
        status.Should().Be(new AlertNotifierStatus("hanging", Delivered: 0, Failed: 0, Dropped: 2, Pending: 1));
        stage.Errors.Count.Should().Be(2);
        hanging.Release();
    }

    [Fact]
    public async Task A_notice_that_takes_too_long_is_cancelled_and_counts_as_failed()
    {
        var hanging = new Hanging();
        using var stage = new AlertStage(options => options.NotifierTimeout = TimeSpan.FromSeconds(30), hanging);
        stage.Latency(120);
        stage.Run(seconds: 1);
        await hanging.Called;

        stage.Clock.Advance(TimeSpan.FromSeconds(30));

        await stage.Alerts.DisposeAsync();
        stage.Alerts.GetNotifiers()[1].Should().Be(new AlertNotifierStatus("hanging", Delivered: 0, Failed: 1, Dropped: 0, Pending: 0));
    }

    [Fact]
    public async Task Disposing_lets_waiting_notices_out_and_waits_only_so_long()
    {
        var hanging = new Hanging { IgnoresItsToken = true };
        using var stage = new AlertStage(configure: null, hanging);
        stage.Latency(120);
        stage.Run(seconds: 1);
        await hanging.Called;

        var disposing = stage.Alerts.DisposeAsync().AsTask();
        disposing.IsCompleted.Should().BeFalse();
        stage.Clock.Advance(TimeSpan.FromSeconds(5));

        await disposing.WaitAsync(TimeSpan.FromSeconds(30));
        hanging.Release();
    }

    [Fact]
    public async Task Evaluating_after_disposal_is_harmless()
    {
        using var stage = new AlertStage();
        await stage.Alerts.DisposeAsync();
        stage.Alerts.Dispose();

        stage.Latency(120);
        stage.Run(seconds: 1);

        stage.Alerts.GetActive().Should().ContainSingle();
    }

    private sealed class Hanging : IAlertNotifier
    {
        private readonly TaskCompletionSource _called = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Name => "hanging";

        public bool IgnoresItsToken { get; init; }

        public Task Called => _called.Task.WaitAsync(TimeSpan.FromSeconds(30));

        public void Release() => _released.TrySetResult();

        public Task NotifyAsync(Alert alert, CancellationToken cancellationToken)
        {
            _called.TrySetResult();
            return _released.Task.WaitAsync(IgnoresItsToken ? CancellationToken.None : cancellationToken);
        }
    }

    private sealed class Throwing : IAlertNotifier
    {
        public string Name => "throwing";

        public Task NotifyAsync(Alert alert, CancellationToken cancellationToken) => throw new IOException("broken");
    }
}
