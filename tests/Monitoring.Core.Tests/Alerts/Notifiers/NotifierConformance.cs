using Monitoring.Alerts;

namespace Monitoring.Core.Tests.Alerts.Notifiers;

/// <summary>What every notifier must do; one class derives from it for each.</summary>
public abstract class NotifierConformance
{
    private const int ManyAlerts = 10_000;

    /// <summary>Any text that a rule, a person or an operation's name may hold.</summary>
    public static TheoryData<string> AnyText => new(
        "",
        "quote \" backslash \\ brace { } percent % <b>markup</b> & <!channel> <script>alert(1)</script>",
        "line\r\nbreak\u0000 and snowman \u2603 and \ud83d\ude00",
        "Subject: x\r\nBcc: mallory@example.org\r\n\r\n.\r\nMAIL FROM:<x>",
        "\u001b[31mred\u001b[0m \u202eright to left\u2028 line\u2029 paragraph",
        "half a pair \ud83d here and \ude00 there",
        new string('\ud83d', 100_000),
        string.Concat(Enumerable.Repeat("\ud83d\ude00&<>", 20_000)));

    /// <summary>A notifier whose other end works.</summary>
    private protected abstract IAlertNotifier Notifier { get; }

    /// <summary>What arrived at the other end, as text, in order; whatever is wrong with it by the rules of the other end throws.</summary>
    private protected abstract IReadOnlyList<string> Arrived { get; }

    /// <summary>The most characters that may arrive for one notice.</summary>
    private protected abstract int LongestArrival { get; }

    /// <summary>A notifier whose other end is broken.</summary>
    private protected abstract IAlertNotifier CreateBroken();

    /// <summary>How many alerts were told one by one, and how many only counted.</summary>
    private protected abstract (int Told, int Counted) CountOf(IReadOnlyList<string> arrived);

    [Fact]
    public void Has_a_constant_name() => Notifier.Name.Should().NotBeNullOrWhiteSpace().And.Be(Notifier.Name);

    [Fact]
    public async Task Tells_of_the_whole_life_of_an_alert_in_order()
    {
        foreach (var alert in new[] { Notices.Firing, Notices.Escalated, Notices.Resolved })
        {
            await Notifier.NotifyAsync(alert, CancellationToken.None);
        }

        Arrived.Should().HaveCount(3).And.OnlyContain(notice => notice.Contains(Notices.Firing.Key));
        Arrived.Select(notice => notice.ToUpperInvariant()).Should().SatisfyRespectively(
            firing => firing.Should().Contain("WARNING").And.NotContain("RESOLVED\"").And.NotContain("[RESOLVED]"),
            escalated => escalated.Should().Contain("WARNING").And.Contain("CRITICAL"),
            resolved => resolved.Should().Contain("RESOLVED"));
    }

    [Theory]
    [InlineData(AlertNoticeReason.Reminder)]
    [InlineData(AlertNoticeReason.Escalated)]
    [InlineData(AlertNoticeReason.FiredAndResolved)]
    public async Task Tells_of_an_alert_for_every_reason(AlertNoticeReason reason)
    {
        var alert = reason == AlertNoticeReason.FiredAndResolved ? Notices.Resolved : Notices.Firing;

        await Notifier.NotifyAsync(Notices.Of([new AlertNoticeEntry(alert, reason)]), CancellationToken.None);

        Arrived.Should().ContainSingle().Which.Should().Contain(alert.Key);
    }

    [Theory]
    [MemberData(nameof(AnyText))]
    public async Task Survives_any_text(string text)
    {
        var alert = Notices.Resolved with
        {
            Message = text,
            ResolutionNote = text,
            ResolvedBy = text,
            Instance = text,
            Runbook = text,
            Unit = text,
            Labels = new Dictionary<string, string> { ["team"] = text },
            Context = new Dictionary<string, string> { [text] = text },
            Timeline = [new AlertEvent(Notices.Resolved.StartedAt, AlertEventKind.Acknowledged) { By = text, Note = text }],
        };
        var notice = Notices.Of(alert) with { Group = new Dictionary<string, string> { ["instance"] = text } };

        await Notifier.NotifyAsync(notice, CancellationToken.None);

        Arrived.Should().ContainSingle().Which.Length.Should().BeLessThan(LongestArrival);
    }

    [Fact]
    public async Task Survives_an_alert_without_anything_that_may_be_left_out()
    {
        await Notifier.NotifyAsync(Notices.Bare, CancellationToken.None);

        Arrived.Should().ContainSingle();
    }

    [Fact]
    public async Task Tells_of_as_many_alerts_as_there_may_be_within_its_limits()
    {
        await Notifier.NotifyAsync(Notices.Many(ManyAlerts, new string('&', 1000)), CancellationToken.None);

        Arrived.Sum(static text => text.Length).Should().BeLessThan(LongestArrival);
        var (told, counted) = CountOf(Arrived);
        told.Should().BePositive();
        (told + counted).Should().Be(ManyAlerts);
    }

    [Fact]
    public async Task Tells_of_alerts_that_were_only_counted()
    {
        await Notifier.NotifyAsync(Notices.Of() with { Digest = Notices.Digest }, CancellationToken.None);

        Arrived.Should().ContainSingle().Which.Replace(",", "").Should().Contain("12345").And.Contain("redis-operation-latency");
    }

    [Fact]
    public async Task Says_of_a_test_that_it_is_one()
    {
        await Notifier.NotifyAsync(Notices.Test, CancellationToken.None);

        Arrived.Should().ContainSingle().Which.Should().ContainEquivalentOf("test");
    }

    [Fact]
    public async Task Sends_nothing_when_it_is_cancelled_before()
    {
        var sending = () => Notifier.NotifyAsync(Notices.Firing, new CancellationToken(canceled: true));

        await sending.Should().ThrowAsync<OperationCanceledException>();
        Arrived.Should().BeEmpty();
    }

    [Fact]
    public async Task Takes_notices_from_many_threads()
    {
        var notifier = Notifier;
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => notifier.NotifyAsync(Notices.Firing, CancellationToken.None))));

        Arrived.Should().HaveCount(20);
    }

    [Fact]
    public async Task Throws_when_the_other_end_is_broken_so_that_the_failure_is_counted()
    {
        var sending = () => CreateBroken().NotifyAsync(Notices.Firing, CancellationToken.None);

        (await sending.Should().ThrowAsync<Exception>()).Which.Should().NotBeOfType<OperationCanceledException>()
            .And.Match<Exception>(static exception => !(exception is AlertDeliveryException) || !((AlertDeliveryException)exception).IsPermanent);
    }
}
