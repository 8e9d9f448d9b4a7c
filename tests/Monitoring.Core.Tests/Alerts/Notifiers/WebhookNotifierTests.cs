using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Monitoring.Alerts;
using Monitoring.Alerts.Notifiers;

namespace Monitoring.Core.Tests.Alerts.Notifiers;

public sealed class WebhookNotifierTests : HttpNotifierConformance
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Former = "any other text that is long enough";

    private protected override IReadOnlyList<string> Secrets => [Secret, Secret[6..], Former];

    private protected override IReadOnlyList<string> Arrived => [.. Receiver.Deliveries.Select(delivery => delivery.Text)];

    // A megabyte, which is what proxies let pass.
    private protected override int LongestArrival => 1_000_000;

    private protected override IAlertNotifier Make(string url, Action<HttpNotifierOptions>? configure) => Make(url, Secret, configure);

    private protected override (int Told, int Counted) CountOf(IReadOnlyList<string> arrived)
    {
        var data = JsonDocument.Parse(arrived.Single()).RootElement.GetProperty("data");
        return (data.GetProperty("alerts").GetArrayLength(), data.GetProperty("truncated").GetInt32());
    }

    [Fact]
    public void Signs_as_the_example_of_standard_webhooks_does()
    {
        var key = Convert.FromBase64String(Secret["whsec_".Length..]);

        WebhookSignature.Sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", Encoding.UTF8.GetBytes("{\"test\": 2432232314}"))
            .Should().Be("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    [Theory]
    [InlineData(Secret)]
    [InlineData(Former)]
    public async Task Signs_what_arrives(string secret)
    {
        await Keep(Make(Receiver.Url, secret, null)).NotifyAsync(Notices.Firing, CancellationToken.None);

        var delivery = Receiver.Deliveries.Should().ContainSingle().Subject;
        delivery.Headers["webhook-signature"].Should().Be(Signature(secret, delivery));
        delivery.Headers["Content-Type"].Should().StartWith("application/json");
        delivery.Headers["webhook-id"].Should().StartWith("msg_");
        long.Parse(delivery.Headers["webhook-timestamp"]).Should().Be(Clock.GetUtcNow().ToUnixTimeSeconds());
    }

    [Fact]
    public async Task Signs_with_former_secrets_too_while_secrets_change()
    {
        var notifier = Create(static options => ((WebhookNotifierOptions)options).PreviousSecrets.Add(Former));

        await notifier.NotifyAsync(Notices.Firing, CancellationToken.None);

        var delivery = Receiver.Deliveries.Single();
        delivery.Headers["webhook-signature"].Split(' ').Should().Equal(Signature(Secret, delivery), Signature(Former, delivery));
    }

    [Fact]
    public async Task Attempts_of_one_notice_share_an_id_and_differ_in_time()
    {
        var notice = Notices.Of(Notices.Firing);
        await Notifier.NotifyAsync(notice, CancellationToken.None);
        Clock.Advance(TimeSpan.FromMinutes(1));
        await Notifier.NotifyAsync(notice, CancellationToken.None);

        Receiver.Deliveries.Select(delivery => delivery.Headers["webhook-id"]).Should().AllBe($"msg_{notice.Id}");
        Receiver.Deliveries.Select(delivery => delivery.Headers["webhook-timestamp"]).Distinct().Should().HaveCount(2);
    }

    [Fact]
    public async Task Names_the_type_and_writes_the_alerts_in_camel_case()
    {
        foreach (var notice in new[] { Notices.Of(Notices.Firing), Notices.Of(Notices.Firing, Notices.Resolved), Notices.Of(Notices.Resolved), Notices.Of() with { Digest = Notices.Digest }, Notices.Test })
        {
            await Notifier.NotifyAsync(notice, CancellationToken.None);
        }

        var bodies = Arrived.Select(text => JsonDocument.Parse(text).RootElement).ToList();
        bodies.Select(body => body.GetProperty("type").GetString()).Should().Equal("alert.firing", "alert.mixed", "alert.resolved", "alert.digest", "test");
        var data = bodies[2].GetProperty("data");
        data.GetProperty("group").GetProperty("alertname").GetString().Should().Be("redis-operation-latency");
        data.GetProperty("truncated").GetInt32().Should().Be(0);
        var entry = data.GetProperty("alerts")[0];
        entry.GetProperty("reason").GetString().Should().Be("resolved");
        var alert = entry.GetProperty("alert");
        alert.GetProperty("key").GetString().Should().Be("redis-operation-latency.get");
        alert.GetProperty("severity").GetString().Should().Be("critical");
        alert.GetProperty("category").GetString().Should().Be("redis");
        alert.GetProperty("resolution").GetString().Should().Be("manual");
        alert.GetProperty("resolvedAt").GetDateTimeOffset().Should().Be(Notices.Resolved.ResolvedAt);
        alert.GetProperty("context").GetProperty("Slowest").GetString().Should().Be("130 ms");
        bodies[3].GetProperty("data").GetProperty("digest").GetProperty("count").GetInt64().Should().Be(12_345);
    }

    [Theory]
    [InlineData(null, Secret, "Url is not set")]
    [InlineData("https://example.org/", null, "Secret is not set")]
    [InlineData("https://example.org/", "token-1234", "Secret is 'redacted'")]
    [InlineData("https://example.org/", "whsec_token-1234 is no base64 at all", "Secret is 'redacted'")]
    public void Refuses_an_address_or_a_secret_without_repeating_it(string? url, string? secret, string message)
    {
        var creating = () => new WebhookNotifier(new WebhookNotifierOptions { Url = url, Secret = secret });

        creating.Should().Throw<ArgumentException>().WithMessage($"*{message}*").Which.Message.Should().NotContain("token-1234");
    }

    private WebhookNotifier Make(string url, string secret, Action<HttpNotifierOptions>? configure)
    {
        var options = new WebhookNotifierOptions { Url = url, Secret = secret };
        configure?.Invoke(options);
        return new WebhookNotifier(options, Clock);
    }

    private static string Signature(string secret, WebhookReceiver.Delivery delivery)
    {
        var key = secret.StartsWith("whsec_", StringComparison.Ordinal) ? Convert.FromBase64String(secret["whsec_".Length..]) : Encoding.UTF8.GetBytes(secret);
        var signed = Encoding.UTF8.GetBytes($"{delivery.Headers["webhook-id"]}.{delivery.Headers["webhook-timestamp"]}.").Concat(delivery.Body).ToArray();
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed));
    }
}
