using Monitoring.Alerts;
using Monitoring.Alerts.Outbox;

namespace Monitoring.Core.Tests.Alerts.Outbox;

/// <summary>What an outbox finds in the store that an earlier one has left where it stood.</summary>
public sealed class OutboxRestartTests
{
    [Fact]
    public async Task What_was_told_is_not_told_again_and_its_end_is()
    {
        var channel = new ScriptedNotifier("channel") { Receipt = "thread-1" };
        using var stage = new OutboxStage(channel);
        stage.Fire("a", AlertSeverity.Critical);
        stage.Fire("over");
        await stage.RunAsync(1);
        stage.Resolve("over");
        await stage.RunAsync(11);
        var before = channel.Arrived.Count;
        await stage.RestartAsync();
        await stage.RunAsync(30);
        channel.Arrived.Should().HaveCount(before);
        stage.DeliveryOf("over").Outcome.Should().Be(AlertDeliveryOutcome.Delivered);

        stage.Resolve("a");
        await stage.RunAsync(11);

        channel.Heard[^1].Should().Match<AlertNoticeEntry>(entry => entry.Reason == AlertNoticeReason.Resolved && entry.Receipt == "thread-1");
        stage.Status.Should().BeEquivalentTo(new { Fired = 1, Delivered = 1, Waiting = 0 });
    }

    [Fact]
    public async Task A_notice_that_was_under_way_is_told_again_under_its_id_and_says_what_it_said()
    {
        var channel = new ScriptedNotifier("channel") { Answer = Answer.TakesUnheard };
        using var stage = new OutboxStage(channel);
        stage.Fire("a");
        stage.Fire("b");
        await stage.RunAsync(1);
        stage.Resolve("a");
        await stage.WriteAsync();
        await stage.RestartAsync();
        channel.Answer = Answer.Takes;
        await stage.RunAsync(20);

        channel.Arrived.Take(channel.Arrived.Count - 1).Select(notice => notice.Id).Distinct().Should().ContainSingle();
        channel.Arrived[^2].Entries.Should().OnlyContain(entry => entry.Reason == AlertNoticeReason.Firing && entry.Alert.State == AlertState.Firing);
        channel.Heard.Select(entry => (entry.Alert.Instance, entry.Reason)).Should().Equal(
            ("a", AlertNoticeReason.Firing), ("b", AlertNoticeReason.Firing), ("a", AlertNoticeReason.Resolved));
    }

    [Fact]
    public async Task What_ended_unheard_is_told_after_the_restart_even_if_nobody_else_remembers_it()
    {
        var channel = new ScriptedNotifier("channel", new AlertChannelOptions { BacklogCapacity = 2 }) { Answer = Answer.Breaks };
        using var stage = new OutboxStage(channel);
        stage.Fire("first");
        await stage.RunAsync(1);
        foreach (var instance in new[] { "a", "b", "c", "d" })
        {
            stage.Fire(instance, AlertSeverity.Critical);
            stage.Resolve(instance);
        }

        await stage.WriteAsync();
        stage.ForgetEnded();
        channel.Answer = Answer.Takes;
        await stage.RestartAsync();
        await stage.RunAsync(20);

        channel.Heard.Select(entry => (entry.Alert.Instance, entry.Reason)).Should().BeEquivalentTo(
            [("first", AlertNoticeReason.Firing), ("c", AlertNoticeReason.FiredAndResolved), ("d", AlertNoticeReason.FiredAndResolved)]);
        channel.Arrived.Select(notice => notice.Digest).OfType<AlertDigest>().Should().ContainSingle().Which.Should().BeEquivalentTo(new { Count = 2, Critical = 2 });
    }

    [Fact]
    public async Task Documents_that_cannot_be_read_are_counted_and_left_out()
    {
        var channel = new ScriptedNotifier("channel");
        using var stage = new OutboxStage(channel);
        await stage.Store.WriteAsync(
            [new(ChannelStore.OutboxKind, "channel", "{"), new(ChannelStore.OutboxKind, "channel/digest", "[]"), new(ChannelStore.DeliveryKind, "channel/x", "1"), new(ChannelStore.DeliveryKind, "other/x", "{}")],
            CancellationToken.None);
        await stage.RestartAsync();
        stage.Errors.Count.Should().Be(3);
        stage.Fire("a");
        await stage.RunAsync(1);
        channel.Heard.Should().ContainSingle();
    }
}
