using Monitoring.Alerts;

namespace Monitoring.Core.Tests.Alerts.Notifiers;

/// <summary>What every notifier must do; one class derives from it for each.</summary>
public abstract class NotifierConformance
{
    /// <summary>A notifier whose other end works.</summary>
    private protected abstract IAlertNotifier Notifier { get; }

    /// <summary>What arrived at the other end, as text, in order.</summary>
    private protected abstract IReadOnlyList<string> Arrived { get; }

    /// <summary>A notifier whose other end is broken.</summary>
    private protected abstract IAlertNotifier CreateBroken();

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
            firing => firing.Should().Contain("WARNING").And.NotContain("RESOLVED\""),
            escalated => escalated.Should().Contain("WARNING").And.Contain("CRITICAL"),
            resolved => resolved.Should().Contain("RESOLVED"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("quote \" backslash \\ brace { } percent % <b>markup</b>")]
    [InlineData("line\r\nbreak\u0000 and snowman \u2603 and \ud83d\ude00")]
    public async Task Survives_any_text(string text)
    {
        var alert = Notices.Resolved with { Message = text, ResolutionNote = text, ResolvedBy = text, Instance = text, Context = new Dictionary<string, string> { [text] = text } };

        await Notifier.NotifyAsync(alert, CancellationToken.None);

        Arrived.Should().ContainSingle();
    }

    [Fact]
    public async Task Survives_an_alert_without_anything_that_may_be_left_out()
    {
        await Notifier.NotifyAsync(Notices.Bare, CancellationToken.None);

        Arrived.Should().ContainSingle();
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
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Notifier.NotifyAsync(Notices.Firing, CancellationToken.None))));

        Arrived.Should().HaveCount(20);
    }

    [Fact]
    public async Task Throws_when_the_other_end_is_broken_so_that_the_failure_is_counted()
    {
        var sending = () => CreateBroken().NotifyAsync(Notices.Firing, CancellationToken.None);

        await sending.Should().ThrowAsync<Exception>();
    }
}
