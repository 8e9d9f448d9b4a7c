using Monitoring.Alerts;
using Monitoring.Core.Tests.TaskQueues;
using Monitoring.History;

namespace Monitoring.Core.Tests.Alerts;

/// <summary>A store that is not there when the monitor starts, or hangs.</summary>
public sealed class StateRestoreTests
{
    private readonly AilingStore _store = new();

    [Fact]
    public async Task Nothing_is_evaluated_before_the_store_has_answered()
    {
        using var stage = new AlertStage(_store);
        _store.Answer = new TaskCompletionSource();
        stage.Latency(120);
        stage.Run(seconds: 5);
        stage.Source.Windows.Should().BeEmpty();

        _store.Answer.SetResult();
        await stage.Alerts.RestoreAsync();
        stage.Run(seconds: 1);
        stage.Alerts.GetActive().Should().ContainSingle();
    }

    [Fact]
    public async Task A_store_that_fails_at_first_is_tried_again()
    {
        using var stage = new AlertStage(_store);
        stage.Latency(120);
        stage.Run(seconds: 1);
        var before = stage.Only;
        await stage.Alerts.DisposeAsync();

        _store.Failures = 5;
        var restored = stage.StartAnotherAsync();
        await Eventually.HoldsAsync(() => Step(stage, restored));

        await restored;
        stage.Only.Id.Should().Be(before.Id);
        stage.Errors.Count.Should().BeGreaterThanOrEqualTo(5);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_half_a_minute_the_monitor_goes_on_without_it(bool hangs)
    {
        using var stage = new AlertStage(_store);
        _store.Answer = hangs ? new TaskCompletionSource() : null;
        _store.Failures = hangs ? 0 : int.MaxValue;
        var restored = stage.Alerts.RestoreAsync().AsTask();
        stage.Latency(120);
        stage.Run(seconds: 20);
        stage.Alerts.GetActive().Should().BeEmpty();

        await Eventually.HoldsAsync(() => Step(stage, restored));
        stage.Run(seconds: 1);

        stage.Alerts.GetActive().Should().ContainSingle();
        stage.Errors.Count.Should().BeGreaterThan(0);
    }

    [Fact]
    public async Task A_store_that_fails_later_gets_it_all_when_it_is_back()
    {
        using var stage = new AlertStage(_store);
        stage.Run(seconds: 1);
        _store.WriteFails = true;
        stage.Latency(120);
        stage.Run(seconds: 3);
        await Eventually.HoldsAsync(() => stage.Errors.Count > 0);

        _store.WriteFails = false;
        await stage.RestartAsync();
        stage.Only.Key.Should().Be("redis-operation-latency.get");
    }

    [Fact]
    public async Task A_store_that_hangs_does_not_hold_up_the_end()
    {
        using var stage = new AlertStage(_store);
        stage.Latency(120);
        stage.Run(seconds: 1);
        _store.WriteAnswer = new TaskCompletionSource();
        stage.Latency(700);
        stage.Clock.Advance(TimeSpan.FromSeconds(1));
        stage.Alerts.Evaluate();
        stage.Only.Severity.Should().Be(AlertSeverity.Critical);

        var ended = stage.Alerts.DisposeAsync().AsTask();
        await Eventually.HoldsAsync(() => Step(stage, ended));
        await ended;
    }

    [Fact]
    public async Task Who_asks_for_it_several_times_gets_it_once()
    {
        using var stage = new AlertStage(_store);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => stage.Alerts.RestoreAsync().AsTask())));
        stage.Run(seconds: 1);

        _store.Reads.Should().Be(1, "of alerts");
    }

    // A clock that a test moves on as long as something waits for it.
    private static bool Step(AlertStage stage, Task task)
    {
        stage.Clock.Advance(TimeSpan.FromSeconds(1));
        return task.IsCompleted;
    }

    private sealed class AilingStore : IStateStore
    {
        private readonly InMemoryStateStore _store = new();
        private int _reads;

        public int Failures { get; set; }

        public bool WriteFails { get; set; }

        public TaskCompletionSource? Answer { get; set; }

        public TaskCompletionSource? WriteAnswer { get; set; }

        public int Reads => Volatile.Read(ref _reads);

        public async ValueTask<IReadOnlyList<StateDocument>> ReadAsync(string kind, CancellationToken cancellationToken)
        {
            Interlocked.Add(ref _reads, kind == "alert" ? 1 : 0);
            if (Failures > 0)
            {
                Failures--;
                throw new IOException("The store is away.");
            }

            await (Answer?.Task ?? Task.CompletedTask);
            return await _store.ReadAsync(kind, cancellationToken);
        }

        public async ValueTask WriteAsync(IReadOnlyList<StateDocument> documents, CancellationToken cancellationToken)
        {
            if (WriteFails)
            {
                throw new IOException("The store is away.");
            }

            await (WriteAnswer?.Task ?? Task.CompletedTask);
            await _store.WriteAsync(documents, cancellationToken);
        }
    }
}
