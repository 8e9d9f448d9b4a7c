using System.Text;
using System.Text.Json;
using Monitoring.Alerts;
using Monitoring.Alerts.Notifiers;

namespace Monitoring.Core.Tests.Alerts.Notifiers;

public sealed class AlertmanagerNotifierTests : HttpNotifierConformance
{
    private const string Password = "password-1234";

    // After the alerts of the notices.
    public AlertmanagerNotifierTests() => Clock.Advance(TimeSpan.FromDays(1));

    private protected override IReadOnlyList<string> Secrets => [Password, Convert.ToBase64String(Encoding.UTF8.GetBytes($"ada:{Password}"))];

    private protected override IReadOnlyList<string> Arrived =>
        [.. Receiver.Deliveries.Select(delivery => delivery.Text + (EndOf(Alerts(delivery)[0]) <= Clock.GetUtcNow() ? "[RESOLVED]" : ""))];

    private protected override int LongestArrival => 40_000_000;

    private protected override IAlertNotifier Make(string url, Action<HttpNotifierOptions>? configure)
    {
        var options = new AlertmanagerNotifierOptions { Url = url, UserName = "ada", Password = Password };
        configure?.Invoke(options);
        return new AlertmanagerNotifier(options, Clock);
    }

    private protected override (int Told, int Counted) CountOf(IReadOnlyList<string> arrived) =>
        (Receiver.Deliveries.SelectMany(Alerts).Select(alert => Label(alert, "key")).Distinct().Count(), 0);

    [Fact]
    public async Task An_alert_that_fires_is_valid_for_four_intervals_and_said_again_every_minute()
    {
        await Notifier.NotifyAsync(Notices.Firing, CancellationToken.None);

        Notifier.Channel.RepeatInterval.Should().Be(TimeSpan.FromMinutes(1));
        var delivery = Receiver.Deliveries.Single();
        delivery.Path.Should().Be($"/hooks/{PathSecret}/api/v2/alerts");
        delivery.Headers["Authorization"].Should().Be("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"ada:{Password}")));
        var alert = Alerts(delivery).Should().ContainSingle().Subject;
        EndOf(alert).Should().Be(Clock.GetUtcNow() + TimeSpan.FromMinutes(4));
        alert.GetProperty("startsAt").GetDateTimeOffset().Should().Be(Notices.Firing.StartedAt);
        Labels(alert).Should().BeEquivalentTo(new Dictionary<string, string>
        {
            ["alertname"] = "redis-operation-latency",
            ["instance"] = "GET",
            ["category"] = "redis",
            ["severity"] = "warning",
            ["key"] = "redis-operation-latency.get",
            ["metric"] = "redis-operation-latency",
            ["host"] = Environment.MachineName,
        });
        alert.GetProperty("annotations").GetProperty("summary").GetString().Should().Be(Notices.Firing.Message);
        alert.GetProperty("annotations").GetProperty("description").GetString().Should().Contain("Slowest: 130 ms");
        alert.GetProperty("annotations").GetProperty("value").GetString().Should().Be("120");
    }

    [Fact]
    public async Task A_change_of_severity_ends_the_alert_of_the_former_one()
    {
        await Notifier.NotifyAsync(Notices.Escalated, CancellationToken.None);

        var alerts = Alerts(Receiver.Deliveries.Single());
        alerts.Select(alert => (Label(alert, "severity"), EndOf(alert))).Should().Equal(
            ("critical", Clock.GetUtcNow() + TimeSpan.FromMinutes(4)),
            ("warning", Clock.GetUtcNow()));
    }

    [Fact]
    public async Task An_alert_that_is_over_ends_when_it_was_resolved_and_never_later_than_now()
    {
        await Notifier.NotifyAsync(Notices.Resolved, CancellationToken.None);
        await Notifier.NotifyAsync(Notices.Resolved with { ResolvedAt = Clock.GetUtcNow() + TimeSpan.FromHours(1) }, CancellationToken.None);

        Receiver.Deliveries.Select(delivery => EndOf(Alerts(delivery)[0])).Should().Equal(Notices.Resolved.ResolvedAt!.Value, Clock.GetUtcNow());
        Receiver.Deliveries.SelectMany(Alerts).Should().OnlyContain(alert => alert.GetProperty("startsAt").GetDateTimeOffset() <= EndOf(alert), "Alertmanager refuses others");
    }

    [Fact]
    public async Task Labels_of_the_host_come_to_all_alerts_and_names_that_cannot_be_are_left_out()
    {
        var notifier = Create(static options =>
        {
            var own = (AlertmanagerNotifierOptions)options;
            own.Labels["service"] = "shop";
            own.Labels["host"] = "";
            own.Labels["alertname"] = "not this";
            own.GeneratorUrl = "https://dash.example.org/";
        });

        await notifier.NotifyAsync(Notices.Firing with { Labels = new Dictionary<string, string> { ["team"] = "core", ["no-name"] = "x" } }, CancellationToken.None);

        var alert = Alerts(Receiver.Deliveries.Single()).Single();
        Labels(alert).Should().Contain("service", "shop").And.Contain("team", "core").And.Contain("alertname", "redis-operation-latency").And.NotContainKeys("host", "no-name");
        alert.GetProperty("generatorURL").GetString().Should().Be("https://dash.example.org/");
    }

    [Fact]
    public async Task What_is_wrong_with_one_request_does_not_hold_up_the_others()
    {
        Receiver.Answers.Enqueue(new(400) { Body = "\"start time must be before end time\"" });

        var sending = () => Notifier.NotifyAsync(Notices.Many(1000), CancellationToken.None);

        (await sending.Should().ThrowAsync<AlertDeliveryException>().WithMessage("*400: \"start time*")).Which.IsPermanent.Should().BeTrue();
        CountOf([]).Told.Should().Be(1000);
        Receiver.Deliveries.Should().AllSatisfy(delivery => (Alerts(delivery).Count <= 250 && delivery.Body.Length < 2_000_000).Should().BeTrue());
    }

    [Theory]
    [InlineData("http://example.org/", "a secret is sent")]
    [InlineData("https://example.org/", "ada:")]
    public void Refuses_what_would_give_a_secret_away_without_repeating_it(string url, string what)
    {
        var creating = () => new AlertmanagerNotifier(new AlertmanagerNotifierOptions { Url = url, UserName = what == "ada:" ? "ada:" : "ada", Password = Password });

        creating.Should().Throw<ArgumentException>().Which.Message.Should().Contain(what == "ada:" ? "without a colon" : what).And.NotContain(Password);
    }

    private static List<JsonElement> Alerts(WebhookReceiver.Delivery delivery) => [.. JsonDocument.Parse(delivery.Body).RootElement.EnumerateArray()];

    private static DateTimeOffset EndOf(JsonElement alert) => alert.GetProperty("endsAt").GetDateTimeOffset();

    private static string? Label(JsonElement alert, string name) => alert.GetProperty("labels").GetProperty(name).GetString();

    private static Dictionary<string, string> Labels(JsonElement alert) =>
        alert.GetProperty("labels").EnumerateObject().ToDictionary(static label => label.Name, static label => label.Value.GetString()!);
}
