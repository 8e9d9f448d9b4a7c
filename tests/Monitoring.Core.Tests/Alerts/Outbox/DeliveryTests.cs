using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Alerts;
using Monitoring.Alerts.Outbox;
using Monitoring.Core.Tests.TaskQueues;
using Monitoring.History;
using Monitoring.Telemetry;

namespace Monitoring.Core.Tests.Alerts.Outbox;

/// <summary>What becomes of notices when receivers do not take them.</summary>
public sealed class DeliveryTests
{
    [Fact]
    public async Task A_channel_that_hangs_or_throws_delays_nobody_else()
    {
        var (good, hanging, broken) = (new ScriptedNotifier("good"), new ScriptedNotifier("hanging") { Answer = Answer.Hangs }, new ScriptedNotifier("broken") { Answer = Answer.Breaks });
        using var stage = new OutboxStage(hanging, broken, good);
        for (var i = 0; i < 10; i++)
        {
            stage.Fire($"a{i}", rule: $"rule{i}");
            await stage.RunAsync(0.5);
            good.Heard.Should().HaveCount(i + 1, "the group wait is over");
        }

        for (var i = 0; i < 10; i++)
        {
            stage.Resolve($"a{i}");
        }

        await stage.RunAsync(11);
        good.Heard.Where(entry => entry.Reason == AlertNoticeReason.Resolved).Should().HaveCount(10);
        hanging.Answer = broken.Answer = Answer.Takes;
        await stage.RunAsync(200);

        foreach (var late in new[] { hanging, broken })
        {
            // What was under way is told as it was; what has come and gone meanwhile is told at once.
            late.Heard.Select(entry => (entry.Alert.Instance, entry.Reason)).Should().BeEquivalentTo(
                Enumerable.Range(1, 9).Select(i => ((string?)$"a{i}", AlertNoticeReason.FiredAndResolved)).Append(("a0", AlertNoticeReason.Firing)).Append(("a0", AlertNoticeReason.Resolved)));
        }

        stage.Outbox.GetStatus().Should().AllSatisfy(status => status.Should().BeEquivalentTo(new { Fired = 10, Delivered = 10, Pending = 0, Waiting = 0 }));
    }

    [Fact]
    public async Task All_attempts_of_a_notice_have_one_id_and_the_delay_between_them_grows()
    {
        var channel = new ScriptedNotifier("channel", new AlertChannelOptions { RetryDelay = TimeSpan.FromSeconds(1), MaxRetryDelay = TimeSpan.FromMinutes(1) }) { Answer = Answer.TakesUnheard };
        using var stage = new OutboxStage(channel);
        stage.Fire("a");
        await stage.RunAsync(600);
        channel.Attempts.Count.Should().BeInRange(8, 40, "ten minutes of at most one minute between two");
        stage.Status.Should().BeEquivalentTo(new { Pending = 1, Waiting = 1, FailedAttempts = channel.Attempts.Count, IsCircuitOpen = true, LastError = nameof(IOException) });
        stage.Status.NextAttemptAt.Should().BeAfter(stage.Clock.GetUtcNow());

        channel.Answer = Answer.Takes;
        await stage.RunAsync(130);

        channel.Attempts.Should().OnlyContain(notice => notice.Id == channel.Attempts[0].Id);
        stage.Status.Should().BeEquivalentTo(new { Delivered = 1, Pending = 0, IsCircuitOpen = false, Attempt = 0, Notices = 1 });
    }

    [Fact]
    public async Task A_receiver_that_asks_for_patience_gets_it_even_beyond_the_longest_delay()
    {
        var channel = new ScriptedNotifier("channel") { Answer = Answer.AsksForPatience, RetryAfter = TimeSpan.FromMinutes(10) };
        using var stage = new OutboxStage(channel);
        stage.Fire("a");
        await stage.RunAsync(1);
        channel.Answer = Answer.Takes;
        await stage.RunAsync(598);
        channel.Attempts.Should().HaveCount(1);

        await stage.RunAsync(2);

        channel.Heard.Should().ContainSingle();
    }

    [Fact]
    public async Task A_hanging_attempt_is_cancelled_after_the_timeout_and_made_again()
    {
        var channel = new ScriptedNotifier("channel", new AlertChannelOptions { Timeout = TimeSpan.FromSeconds(5) }) { Answer = Answer.Hangs };
        using var stage = new OutboxStage(channel);
        stage.Fire("a");
        await stage.RunAsync(1);
        stage.Status.Attempt.Should().Be(1);
        await stage.RunAsync(5);
        stage.Status.Should().BeEquivalentTo(new { FailedAttempts = 1, LastError = "No answer within 5 s." });

        channel.Answer = Answer.Takes;
        await stage.RunAsync(30);

        stage.Status.Delivered.Should().Be(1);
    }

    [Fact]
    public async Task What_is_refused_has_failed_and_is_told_when_there_is_something_new_to_say()
    {
        var channel = new ScriptedNotifier("channel") { Answer = Answer.Refuses };
        using var stage = new OutboxStage(channel);
        stage.Fire("grows");
        stage.Fire("ends");
        await stage.RunAsync(1);
        stage.Status.Should().BeEquivalentTo(new { Fired = 2, Pending = 0, Failed = new Dictionary<string, long> { ["refused"] = 2 } });
        stage.Resolve("ends");
        channel.Answer = Answer.Takes;
        await stage.RunAsync(120);
        channel.Heard.Should().BeEmpty();

        stage.Change("grows", alert => alert with { Severity = AlertSeverity.Critical });
        await stage.RunAsync(1);

        channel.Heard.Should().ContainSingle().Which.Reason.Should().Be(AlertNoticeReason.Firing);
        stage.Status.Should().BeEquivalentTo(new { Fired = 2, Delivered = 1, Pending = 0, Failed = new Dictionary<string, long> { ["refused"] = 1 } });
        stage.DeliveryOf("ends").Should().BeEquivalentTo(new { Outcome = AlertDeliveryOutcome.Failed, Reason = "refused" });
    }

    [Fact]
    public async Task What_nobody_takes_in_time_has_failed_but_is_told_if_it_still_fires_when_the_receiver_is_back()
    {
        var channel = new ScriptedNotifier("channel", new AlertChannelOptions { GiveUpAfter = TimeSpan.FromMinutes(5) }) { Answer = Answer.Breaks };
        using var stage = new OutboxStage(channel);
        stage.Fire("stays");
        stage.Fire("ends");
        await stage.RunAsync(30);
        stage.Resolve("ends");
        await stage.RunAsync(400);
        stage.Status.Failed.Should().Equal(new Dictionary<string, long> { ["gave-up"] = 2 });

        channel.Answer = Answer.Takes;
        await stage.RunAsync(200);

        channel.Heard.Should().ContainSingle().Which.Should().Match<AlertNoticeEntry>(entry => entry.Alert.Instance == "stays" && entry.Reason == AlertNoticeReason.Firing);
        stage.Status.Should().BeEquivalentTo(new { Fired = 2, Delivered = 1, Pending = 0, Waiting = 0, Failed = new Dictionary<string, long> { ["gave-up"] = 1 } });
    }

    [Fact]
    public async Task Whoever_was_told_that_it_fires_is_told_that_it_is_over_however_long_that_takes()
    {
        var channel = new ScriptedNotifier("channel", new AlertChannelOptions { GiveUpAfter = TimeSpan.FromMinutes(5) }) { Receipt = "thread-1" };
        using var stage = new OutboxStage(channel);
        stage.Fire("a");
        await stage.RunAsync(1);
        channel.Answer = Answer.Breaks;
        stage.Resolve("a");
        await stage.RunAsync(1200);
        channel.Answer = Answer.Takes;
        await stage.RunAsync(200);

        channel.Heard.Select(entry => (entry.Reason, entry.Receipt)).Should().Equal((AlertNoticeReason.Firing, null), (AlertNoticeReason.Resolved, "thread-1"));
        stage.Status.Should().BeEquivalentTo(new { Fired = 1, Delivered = 1, Unfinished = 0, Waiting = 0 });
    }

    [Fact]
    public async Task Whoever_refuses_to_hear_that_it_is_over_is_not_asked_for_ever()
    {
        var channel = new ScriptedNotifier("channel", new AlertChannelOptions { GiveUpAfter = TimeSpan.FromMinutes(5) });
        using var stage = new OutboxStage(channel);
        stage.Fire("a");
        await stage.RunAsync(1);
        channel.Answer = Answer.Refuses;
        stage.Resolve("a");
        await stage.RunAsync(200);
        stage.Status.Should().BeEquivalentTo(new { Waiting = 1, Unfinished = 0 });
        await stage.RunAsync(300);

        stage.Status.Should().BeEquivalentTo(new { Waiting = 0, Unfinished = 1, Delivered = 1 });
        var attempts = channel.Attempts.Count;
        await stage.RunAsync(300);
        channel.Attempts.Should().HaveCount(attempts);
    }

    [Fact]
    public async Task A_receiver_that_is_gone_is_not_called_again()
    {
        var channel = new ScriptedNotifier("channel");
        using var stage = new OutboxStage(channel);
        stage.Fire("told");
        await stage.RunAsync(1);
        channel.Answer = Answer.Gone;
        stage.Fire("asked");
        await stage.RunAsync(11);
        stage.Fire("later");
        stage.Resolve("told");
        stage.Resolve("asked");
        await stage.RunAsync(60);

        channel.Attempts.Should().HaveCount(2);
        stage.Status.Should().BeEquivalentTo(new { Fired = 3, Delivered = 1, Pending = 0, Waiting = 0, IsGone = true, Unfinished = 1, Failed = new Dictionary<string, long> { ["gone"] = 2 } });
    }

    [Fact]
    public async Task What_came_and_went_beyond_the_backlog_is_counted_in_one_digest()
    {
        var channel = new ScriptedNotifier("channel", new AlertChannelOptions { BacklogCapacity = 10 }) { Answer = Answer.Breaks };
        using var stage = new OutboxStage(channel);
        stage.Fire("first");
        await stage.RunAsync(1);
        for (var i = 0; i < 100; i++)
        {
            stage.Fire($"a{i}", i % 4 == 0 ? AlertSeverity.Critical : AlertSeverity.Warning, i % 2 == 0 ? "even" : "odd");
            await stage.RunAsync(1);
            stage.Resolve($"a{i}");
        }

        stage.Status.Should().BeEquivalentTo(new { Fired = 101, Pending = 101, Waiting = 101 });
        channel.Answer = Answer.Takes;
        await stage.RunAsync(200);

        var digest = channel.Arrived.Select(notice => notice.Digest).OfType<AlertDigest>().Should().ContainSingle().Subject;
        digest.Should().BeEquivalentTo(new { Count = 90, Critical = 23, CountByRule = new Dictionary<string, long> { ["even"] = 45, ["odd"] = 45 } });
        channel.Heard.Where(entry => entry.Reason == AlertNoticeReason.FiredAndResolved).Should().HaveCount(10);
        stage.Status.Should().BeEquivalentTo(new { Fired = 101, Delivered = 101, Pending = 0, Waiting = 0 });
        stage.DeliveryOf("a0").Outcome.Should().Be(AlertDeliveryOutcome.Delivered);
    }

    [Fact]
    public async Task Notices_keep_the_channels_pace()
    {
        var channel = new ScriptedNotifier("channel", new AlertChannelOptions { MinimumInterval = TimeSpan.FromSeconds(10) });
        using var stage = new OutboxStage(channel);
        stage.Fire("a", rule: "one");
        stage.Fire("b", rule: "two");
        stage.Fire("c", rule: "three");
        await stage.RunAsync(1);
        channel.Arrived.Should().HaveCount(1);
        await stage.RunAsync(9);
        channel.Arrived.Should().HaveCount(1);
        await stage.RunAsync(1);
        channel.Arrived.Should().HaveCount(2);
        await stage.RunAsync(10);
        channel.Arrived.Should().HaveCount(3);
    }

    [Fact]
    public async Task A_test_goes_past_everything_that_waits()
    {
        var channel = new ScriptedNotifier("channel") { Answer = Answer.Breaks };
        using var stage = new OutboxStage(channel, new ScriptedNotifier("channel"));
        stage.Fire("a");
        await stage.RunAsync(1);
        var failing = () => stage.Outbox.TestAsync("channel", CancellationToken.None);
        await failing.Should().ThrowAsync<IOException>();
        (await stage.Outbox.TestAsync("channel-2", CancellationToken.None)).Should().BeTrue("the second of one name is numbered");
        (await stage.Outbox.TestAsync("unknown", CancellationToken.None)).Should().BeFalse();
        channel.Attempts[^1].Should().BeEquivalentTo(new { IsTest = true, Entries = Array.Empty<AlertNoticeEntry>() });

        channel.Answer = Answer.Hangs;
        var hanging = stage.Outbox.TestAsync("channel", CancellationToken.None);
        await Eventually.HoldsAsync(() => channel.Attempts[^1].IsTest && channel.Attempts.Count(notice => notice.IsTest) == 2);
        stage.Clock.Advance(TimeSpan.FromSeconds(10));
        (await hanging.Awaiting(task => task).Should().ThrowAsync<AlertDeliveryException>()).WithMessage("No answer within 10 s.");
    }

    [Fact]
    public async Task Disposing_lets_out_what_waits_and_waits_only_so_long()
    {
        var (good, stuck) = (new ScriptedNotifier("good"), new Stuck());
        using var stage = new OutboxStage(options => options.GroupWait = TimeSpan.FromMinutes(1), stuck, good);
        stage.Fire("a");

        var disposing = stage.Outbox.DisposeAsync().AsTask();
        await stuck.Called;
        await Eventually.HoldsAsync(() => good.Heard.Count == 1);
        disposing.IsCompleted.Should().BeFalse();
        stage.Clock.Advance(TimeSpan.FromSeconds(5));

        await disposing.WaitAsync(TimeSpan.FromSeconds(30));
        stage.Errors.Count.Should().Be(1, "it is said how many alerts were not told");
        stage.Fire("b");
        stuck.Release();
    }

    [Fact]
    public async Task A_store_that_fails_or_hangs_silences_nobody()
    {
        var channel = new ScriptedNotifier("channel");
        var store = new BadStore();
        using var stage = new OutboxStage(channel) { Store = store };
        await stage.RestartAsync();
        stage.Fire("a");
        await stage.RunAsync(1);
        channel.Heard.Should().HaveCount(1);
        stage.Errors.Count.Should().BePositive();

        store.Hangs = true;
        stage.Resolve("a");
        await Eventually.HoldsAsync(() =>
        {
            stage.Clock.Advance(TimeSpan.FromSeconds(1));
            return channel.Heard.Count == 2;
        });
    }

    [Fact]
    public async Task Whoever_changes_alerts_while_notices_go_out_loses_none()
    {
        var (quick, rough) = (new ScriptedNotifier("quick", new AlertChannelOptions { BacklogCapacity = 10_000 }), new ScriptedNotifier("rough", new AlertChannelOptions { RetryDelay = TimeSpan.FromMilliseconds(1), MaxRetryDelay = TimeSpan.FromMilliseconds(1), BacklogCapacity = 10_000 }));
        var options = new AlertOptions { GroupWait = TimeSpan.Zero, GroupInterval = TimeSpan.Zero, ResolvedCapacity = 10_000 };
        var errors = new InternalErrors(NullLogger.Instance, TimeProvider.System);
        await using var outbox = new AlertOutbox([quick, rough], options, TimeProvider.System, errors, new StateJournal(new InMemoryStateStore(), errors));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                rough.Answer = i % 3 == 0 ? Answer.TakesUnheard : Answer.Takes;
                var alert = Notifiers.Notices.Firing with { Id = $"{thread}-{i}", Rule = $"rule{i % 7}" };
                outbox.Changed(alert);
                outbox.Changed(alert with { Severity = AlertSeverity.Critical });
                outbox.Changed(alert with { State = AlertState.Resolved });
            }
        })));
        rough.Answer = Answer.Takes;

        await Eventually.HoldsAsync(() => outbox.GetStatus().All(status => status.Waiting == 0));
        outbox.GetStatus().Should().AllSatisfy(status => status.Should().BeEquivalentTo(new { Fired = 4000, Delivered = 4000, Pending = 0 }));
        foreach (var heard in new[] { quick.Heard, rough.Heard })
        {
            heard.Where(entry => entry.Alert.State == AlertState.Resolved).Select(entry => entry.Alert.Id).Should().OnlyHaveUniqueItems().And.HaveCount(4000);
        }
    }

    private sealed class Stuck : IAlertNotifier
    {
        private readonly TaskCompletionSource _called = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<string?> _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Name => "stuck";

        public Task Called => _called.Task.WaitAsync(TimeSpan.FromSeconds(60));

        public void Release() => _released.TrySetResult(null);

        public Task<string?> NotifyAsync(AlertNotice notice, CancellationToken cancellationToken)
        {
            _called.TrySetResult();
            return _released.Task;
        }
    }

    private sealed class BadStore : IStateStore
    {
        public bool Hangs { get; set; }

        public ValueTask<IReadOnlyList<StateDocument>> ReadAsync(string kind, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<StateDocument>>([]);

        public ValueTask WriteAsync(IReadOnlyList<StateDocument> documents, CancellationToken cancellationToken) =>
            Hangs ? new ValueTask(Task.Delay(Timeout.InfiniteTimeSpan, CancellationToken.None)) : throw new IOException("disk full");
    }
}
