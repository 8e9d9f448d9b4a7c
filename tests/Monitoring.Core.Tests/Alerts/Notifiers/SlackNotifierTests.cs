using System.Text.Json;
using Monitoring.Alerts;
using Monitoring.Alerts.Notifiers;

namespace Monitoring.Core.Tests.Alerts.Notifiers;

/// <summary>As a bot, against a receiver that holds messages to the limits that Slack documents.</summary>
public sealed class SlackNotifierTests : HttpNotifierConformance
{
    private const string Token = "xoxb-token-1234";
    private int _messages;

    public SlackNotifierTests() => Receiver.Default = delivery => new WebhookReceiver.Answer(200)
    {
        Body = SlackLimits.WhatIsWrong(delivery.Text) is { } error
            ? $$"""{"ok":false,"error":"{{error}}"}"""
            : $$"""{"ok":true,"channel":"C1","ts":"1700000000.{{Interlocked.Increment(ref _messages):000000}}"}""",
    };

    private protected override IReadOnlyList<string> Secrets => [Token];

    private protected override IReadOnlyList<string> Arrived => [.. Receiver.Deliveries.Select(delivery => SlackLimits.TextOf(delivery.Text))];

    private protected override int LongestArrival => 15_000;

    private protected override IAlertNotifier Make(string url, Action<HttpNotifierOptions>? configure)
    {
        var options = new SlackNotifierOptions { Url = url, Token = Token, ChannelId = "C1" };
        configure?.Invoke(options);
        return new SlackNotifier(options, Clock);
    }

    private protected override (int Told, int Counted) CountOf(IReadOnlyList<string> arrived) => People.CountOf(arrived.Single());

    [Fact]
    public void Waits_a_second_between_messages_as_slack_asks_for() => new SlackNotifierOptions().MinimumInterval.Should().Be(TimeSpan.FromSeconds(1));

    [Fact]
    public async Task Replies_to_the_message_that_first_told_of_an_alert()
    {
        var thread = await Notifier.NotifyAsync(Notices.Firing, CancellationToken.None);
        var again = await Notifier.NotifyAsync(Notices.Of([new AlertNoticeEntry(Notices.Resolved, AlertNoticeReason.Resolved, thread)]), CancellationToken.None);

        thread.Should().Be("1700000000.000001");
        again.Should().Be(thread);
        Threads().Should().Equal(null, thread);
        Receiver.Deliveries.Should().AllSatisfy(delivery => delivery.Headers["Authorization"].Should().Be($"Bearer {Token}"));
    }

    [Fact]
    public async Task Tells_each_alert_where_it_belongs()
    {
        var notice = Notices.Of(
        [
            new AlertNoticeEntry(Notices.Resolved with { Key = "one" }, AlertNoticeReason.Resolved, "1.1"),
            new AlertNoticeEntry(Notices.Firing with { Key = "new" }, AlertNoticeReason.Firing),
            new AlertNoticeEntry(Notices.Resolved with { Key = "two" }, AlertNoticeReason.Resolved, "2.2"),
        ]);

        var receipt = await Notifier.NotifyAsync(notice, CancellationToken.None);

        receipt.Should().Be("1700000000.000001", "the message of the alert that is new");
        Threads().Should().Equal(null, "1.1", "2.2");
        Arrived.Should().SatisfyRespectively(
            text => text.Should().Contain("*new*").And.NotContain("*one*"),
            text => text.Should().Contain("*one*").And.NotContain("*two*"),
            text => text.Should().Contain("*two*").And.NotContain("*new*"));
    }

    [Fact]
    public async Task Goes_on_where_an_attempt_failed()
    {
        var notice = Notices.Of([new AlertNoticeEntry(Notices.Firing, AlertNoticeReason.Firing), new AlertNoticeEntry(Notices.Resolved, AlertNoticeReason.Resolved, "1.1")]);
        Receiver.Answers.Enqueue(new(200) { Body = """{"ok":true,"ts":"9.9"}""" });
        Receiver.Answers.Enqueue(new(429, ("Retry-After", "30")));
        await ((Func<Task>)(() => Notifier.NotifyAsync(notice, CancellationToken.None))).Should().ThrowAsync<AlertDeliveryException>();

        (await Notifier.NotifyAsync(notice, CancellationToken.None)).Should().Be("9.9");

        Threads().Should().Equal(null, "1.1", "1.1");
    }

    [Fact]
    public async Task Tells_of_more_threads_than_a_few_in_one_message()
    {
        var entries = Enumerable.Range(0, 10).Select(number => new AlertNoticeEntry(Notices.Resolved, AlertNoticeReason.Resolved, $"{number}.0"));

        await Notifier.NotifyAsync(Notices.Of(entries), CancellationToken.None);

        Threads().Should().Equal([null]);
    }

    [Theory]
    [InlineData("invalid_auth", true)]
    [InlineData("channel_not_found", true)]
    [InlineData("is_archived", true)]
    [InlineData("invalid_blocks", true)]
    [InlineData("ratelimited", false)]
    [InlineData("internal_error", false)]
    [InlineData("service_unavailable", false)]
    public async Task Knows_the_errors_that_pass(string code, bool isPermanent)
    {
        var error = await ErrorOf(new(200, ("Retry-After", "5")) { Body = $$"""{"ok":false,"error":"{{code}}"}""" });

        error.Message.Should().Be($"127.0.0.1 answered {code}.");
        error.IsPermanent.Should().Be(isPermanent);
        error.RetryAfter.Should().Be(TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("<html>proxy</html>")]
    [InlineData("")]
    public async Task An_answer_that_is_not_slacks_is_worth_another_attempt(string body) =>
        (await ErrorOf(new(200) { Body = body })).IsPermanent.Should().BeFalse();

    [Fact]
    public async Task Markup_in_a_text_stays_text()
    {
        await Notifier.NotifyAsync(Notices.Firing with { Message = "<!channel> & <https://example.org|click>" }, CancellationToken.None);

        Arrived.Single().Should().Contain("&lt;!channel&gt; &amp; &lt;https://example.org|click&gt;").And.NotContain("<");
    }

    [Fact]
    public async Task An_incoming_webhook_has_no_threads_and_needs_no_token()
    {
        Receiver.Default = static delivery => SlackLimits.WhatIsWrong(delivery.Text, incoming: true) is { } error ? new(400) { Body = error } : new(200) { Body = "ok" };
        var notifier = Keep(new SlackNotifier(new SlackNotifierOptions { Url = Receiver.Url + PathSecret }, Clock));

        var receipt = await notifier.NotifyAsync(Notices.Of([new AlertNoticeEntry(Notices.Resolved, AlertNoticeReason.Resolved, "1.1")]), CancellationToken.None);

        receipt.Should().BeNull();
        Threads().Should().Equal([null]);
        Receiver.Deliveries.Single().Headers.Should().NotContainKey("Authorization");
    }

    [Theory]
    [InlineData(null, null, null, "Url is not set")]
    [InlineData(null, Token, null, "ChannelId is not set")]
    [InlineData(null, "token-1234 with spaces", "C1", "Token is 'redacted'")]
    [InlineData("http://example.org/token-1234", null, null, "an https address, because a secret is sent")]
    public void Refuses_what_cannot_work_without_repeating_it(string? url, string? token, string? channel, string message)
    {
        var creating = () => new SlackNotifier(new SlackNotifierOptions { Url = url, Token = token, ChannelId = channel });

        creating.Should().Throw<ArgumentException>().WithMessage($"*{message}*").Which.Message.Should().NotContain("token-1234");
    }

    private IEnumerable<string?> Threads() =>
        Receiver.Deliveries.Select(delivery => JsonDocument.Parse(delivery.Text).RootElement.TryGetProperty("thread_ts", out var thread) ? thread.GetString() : null);
}
