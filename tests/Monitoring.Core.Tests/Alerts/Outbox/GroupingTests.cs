using Monitoring.Alerts;

namespace Monitoring.Core.Tests.Alerts.Outbox;

/// <summary>When a channel must be told what, in the manner of Alertmanager's acceptance tests.</summary>
public sealed class GroupingTests
{
    [Fact]
    public async Task Alerts_of_one_rule_that_fire_within_the_group_wait_are_one_notice()
    {
        var pager = new ScriptedNotifier("pager");
        using var stage = new OutboxStage(options => options.GroupWait = TimeSpan.FromSeconds(5), pager);
        stage.Fire("a");
        await stage.RunAsync(3);
        stage.Fire("b", AlertSeverity.Critical);
        stage.Fire("c", rule: "other");
        await stage.RunAsync(1.9);
        pager.Arrived.Should().BeEmpty();

        await stage.RunAsync(0.1);

        var notice = pager.Arrived.Should().ContainSingle().Subject;
        notice.Entries.Select(entry => (entry.Alert.Instance, entry.Reason)).Should().Equal(("b", AlertNoticeReason.Firing), ("a", AlertNoticeReason.Firing));
        notice.Group.Should().Equal(new Dictionary<string, string> { ["alertname"] = "redis-operation-latency" });
        await stage.RunAsync(3);
        pager.Arrived.Should().HaveCount(2);
        pager.Arrived[1].Group["alertname"].Should().Be("other");
    }

    [Fact]
    public async Task News_of_a_group_that_was_just_told_wait_for_the_group_interval()
    {
        var pager = new ScriptedNotifier("pager");
        using var stage = new OutboxStage(options => options.GroupInterval = TimeSpan.FromSeconds(30), pager);
        stage.Fire("a");
        await stage.RunAsync(1);
        pager.Arrived.Should().HaveCount(1);
        stage.Change("a", alert => alert with { Severity = AlertSeverity.Critical });
        stage.Fire("b");

        await stage.RunAsync(29);
        pager.Arrived.Should().HaveCount(1);
        await stage.RunAsync(1);

        pager.Arrived.Should().HaveCount(2);
        pager.Arrived[1].Entries.Select(entry => (entry.Alert.Instance, entry.Reason)).Should().Equal(("a", AlertNoticeReason.SeverityChanged), ("b", AlertNoticeReason.Firing));
    }

    [Fact]
    public async Task What_was_over_before_it_could_be_told_is_told_in_one_entry()
    {
        var pager = new ScriptedNotifier("pager");
        using var stage = new OutboxStage(options => options.GroupWait = TimeSpan.FromSeconds(10), pager);
        stage.Fire("a");
        await stage.RunAsync(5);
        stage.Resolve("a");
        await stage.RunAsync(5);

        pager.Heard.Should().ContainSingle().Which.Reason.Should().Be(AlertNoticeReason.FiredAndResolved);
        stage.DeliveryOf("a").Outcome.Should().Be(AlertDeliveryOutcome.Delivered);
        stage.Status.Should().BeEquivalentTo(new { Fired = 1, Delivered = 1, Pending = 0, Waiting = 0 });
    }

    [Fact]
    public async Task One_group_of_all_and_groups_by_severity()
    {
        var pager = new ScriptedNotifier("pager");
        using var all = new OutboxStage(options => options.GroupBy.Add(""), pager);
        all.Fire("a");
        all.Fire("b", rule: "other");
        await all.RunAsync(1);
        pager.Arrived.Should().ContainSingle().Which.Entries.Should().HaveCount(2);

        var mail = new ScriptedNotifier("mail");
        using var bySeverity = new OutboxStage(options => options.GroupBy.Add("severity"), mail);
        bySeverity.Fire("a");
        bySeverity.Fire("b", AlertSeverity.Critical, "other");
        bySeverity.Change("a", alert => alert with { Severity = AlertSeverity.Critical });
        await bySeverity.RunAsync(1);
        mail.Arrived.Should().ContainSingle("a has moved to the group of b").Which.Group["severity"].Should().Be("critical");
    }

    [Fact]
    public async Task Ten_thousand_alerts_of_one_rule_are_one_notice_a_channel()
    {
        var (pager, mail) = (new ScriptedNotifier("pager"), new ScriptedNotifier("mail"));
        using var stage = new OutboxStage(pager, mail);
        for (var i = 0; i < 10_000; i++)
        {
            stage.Fire($"operation{i}");
        }

        await stage.RunAsync(1);

        pager.Arrived.Should().ContainSingle().Which.Entries.Should().HaveCount(10_000);
        mail.Arrived.Should().ContainSingle().Which.Entries.Should().HaveCount(10_000);
        stage.Status.Delivered.Should().Be(10_000);
    }

    [Fact]
    public async Task Who_is_not_heard_of_for_long_is_reminded_of_unless_somebody_has_acknowledged_it()
    {
        var (pager, forgetful) = (new ScriptedNotifier("pager"), new ScriptedNotifier("forgetful", new Forgetful { RepeatInterval = TimeSpan.FromMinutes(1) }));
        using var stage = new OutboxStage(options => options.RepeatInterval = TimeSpan.FromHours(1), pager, forgetful);
        stage.Fire("a");
        await stage.RunAsync(1);
        stage.Change("a", alert => alert with { LastSeenAt = stage.Clock.GetUtcNow() });
        stage.Clock.JumpWallClock(TimeSpan.FromDays(-1));
        await stage.RunAsync(3599);
        pager.Arrived.Should().HaveCount(1);
        await stage.RunAsync(3);
        pager.Heard.Should().HaveCount(2).And.Subject.Last().Reason.Should().Be(AlertNoticeReason.Reminder);
        forgetful.Heard.Should().HaveCountGreaterThanOrEqualTo(59);

        stage.Change("a", alert => alert with { AcknowledgedAt = stage.Clock.GetUtcNow() });
        var before = forgetful.Heard.Count;
        await stage.RunAsync(3700);
        pager.Arrived.Should().HaveCount(2);
        forgetful.Heard.Should().HaveCountGreaterThan(before + 55);
        stage.Resolve("a");
        await stage.RunAsync(11);
        pager.Heard[^1].Reason.Should().Be(AlertNoticeReason.Resolved);
        stage.Status.Waiting.Should().Be(0);
    }

    [Fact]
    public async Task Who_is_called_in_the_end_hears_only_of_what_nobody_has_acknowledged()
    {
        var boss = new ScriptedNotifier("boss", new AlertChannelOptions { EscalateAfter = TimeSpan.FromMinutes(5) });
        using var stage = new OutboxStage(boss);
        List<string?> escalated = [];
        stage.Outbox.Escalated = alert => escalated.Add(alert.Instance);
        stage.Fire("unseen");
        stage.Fire("seen");
        stage.Fire("short");
        await stage.RunAsync(60);
        stage.Change("seen", alert => alert with { AcknowledgedAt = stage.Clock.GetUtcNow() });
        stage.Resolve("short");
        await stage.RunAsync(239);
        boss.Arrived.Should().BeEmpty();
        await stage.RunAsync(2);

        boss.Heard.Should().ContainSingle().Which.Should().Match<AlertNoticeEntry>(entry => entry.Alert.Instance == "unseen" && entry.Reason == AlertNoticeReason.Escalated);
        escalated.Should().Equal("unseen");
        stage.Resolve("seen");
        stage.Resolve("unseen");
        await stage.RunAsync(11);
        boss.Heard[^1].Reason.Should().Be(AlertNoticeReason.Resolved);
        stage.Status.Suppressed.Should().Equal(new Dictionary<string, long> { ["not-escalated"] = 2 });
    }

    [Fact]
    public async Task What_a_channel_does_not_want_to_hear_has_its_reason()
    {
        var options = new AlertChannelOptions { MinimumSeverity = AlertSeverity.Critical };
        var pager = new ScriptedNotifier("pager", options);
        var queue = new ScriptedNotifier("queue", new AlertChannelOptions { Categories = { AlertCategory.TaskQueue } });
        using var stage = new OutboxStage(pager, queue);
        stage.Fire("mild");
        stage.Fire("silent", AlertSeverity.Critical);
        stage.Change("silent", alert => alert with { Suppression = new AlertSuppression(AlertSuppressionReason.Silence, "s1") });
        stage.Fire("grows");
        await stage.RunAsync(1);
        pager.Arrived.Should().BeEmpty();
        stage.Change("grows", alert => alert with { Severity = AlertSeverity.Critical });
        stage.Resolve("mild");
        stage.Resolve("silent");
        await stage.RunAsync(1);

        pager.Heard.Should().ContainSingle().Which.Alert.Instance.Should().Be("grows");
        stage.Status.Suppressed.Should().Equal(new Dictionary<string, long> { ["severity"] = 1, ["silence"] = 1 });
        stage.Outbox.GetStatus()[1].Should().BeEquivalentTo(new { Fired = 3, Pending = 0, Suppressed = new Dictionary<string, long> { ["category"] = 3 } });
        queue.Arrived.Should().BeEmpty();
    }

    [Fact]
    public async Task What_was_kept_quiet_is_told_when_that_ends_and_the_end_of_what_was_told_always_is()
    {
        var pager = new ScriptedNotifier("pager");
        using var stage = new OutboxStage(pager);
        var silence = new AlertSuppression(AlertSuppressionReason.Maintenance, "window");
        stage.Fire("late");
        stage.Change("late", alert => alert with { Suppression = silence });
        stage.Fire("told");
        await stage.RunAsync(1);
        pager.Heard.Select(entry => entry.Alert.Instance).Should().Equal("told");
        stage.Change("late", alert => alert with { Suppression = null });
        stage.Change("told", alert => alert with { Suppression = silence, Severity = AlertSeverity.Critical });
        await stage.RunAsync(11);
        pager.Heard.Select(entry => entry.Alert.Instance).Should().Equal("told", "late");

        stage.Resolve("told");
        await stage.RunAsync(11);

        pager.Heard[^1].Should().Match<AlertNoticeEntry>(entry => entry.Alert.Instance == "told" && entry.Reason == AlertNoticeReason.Resolved);
    }

    internal sealed class Forgetful : AlertChannelOptions
    {
        internal override bool RemindsAlways => true;
    }
}
