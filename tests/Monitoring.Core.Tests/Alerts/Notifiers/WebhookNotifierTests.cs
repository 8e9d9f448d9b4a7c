using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Monitoring.Alerts;
using Monitoring.Alerts.Notifiers;

namespace Monitoring.Core.Tests.Alerts.Notifiers;

public sealed class WebhookNotifierTests : NotifierConformance, IAsyncLifetime
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private readonly WebhookReceiver _receiver = new();
    private readonly HurriedClock _clock = new();
    private readonly List<WebhookNotifier> _created = [];
    private WebhookNotifier? _notifier;

    private protected override IAlertNotifier Notifier => _notifier ??= Create();

    private protected override IReadOnlyList<string> Arrived => [.. _receiver.Deliveries.Select(delivery => Encoding.UTF8.GetString(delivery.Body))];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _created.ForEach(notifier => notifier.Dispose());
        await _receiver.DisposeAsync();
    }

    private protected override IAlertNotifier CreateBroken() => Create(options =>
    {
        options.Url = "http://127.0.0.1:1/";
        options.MaxAttempts = 2;
    });

    [Fact]
    public void Signs_as_the_example_of_standard_webhooks_does()
    {
        var key = Convert.FromBase64String(Secret["whsec_".Length..]);

        WebhookSignature.Sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", Encoding.UTF8.GetBytes("{\"test\": 2432232314}"))
            .Should().Be("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    [Theory]
    [InlineData(Secret)]
    [InlineData("any other text that is long enough")]
    public async Task Signs_what_arrives(string secret)
    {
        await Create(options => options.Secret = secret).NotifyAsync(Notices.Firing, CancellationToken.None);

        var delivery = _receiver.Deliveries.Should().ContainSingle().Subject;
        var key = secret == Secret ? Convert.FromBase64String(Secret["whsec_".Length..]) : Encoding.UTF8.GetBytes(secret);
        var signed = Encoding.UTF8.GetBytes($"{delivery.Id}.{delivery.Timestamp}.").Concat(delivery.Body).ToArray();
        delivery.Signature.Should().Be("v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed)));
        delivery.ContentType.Should().Be("application/json");
        delivery.Id.Should().StartWith("msg_");
        long.Parse(delivery.Timestamp).Should().Be(_clock.GetUtcNow().ToUnixTimeSeconds());
    }

    [Fact]
    public async Task Names_the_type_and_writes_the_alert_in_camel_case()
    {
        foreach (var alert in new[] { Notices.Firing, Notices.Escalated, Notices.Resolved })
        {
            await Notifier.NotifyAsync(alert, CancellationToken.None);
        }

        var bodies = Arrived.Select(text => JsonDocument.Parse(text).RootElement).ToList();
        bodies.Select(body => body.GetProperty("type").GetString()).Should().Equal("alert.firing", "alert.severity-changed", "alert.resolved");
        var data = bodies[2].GetProperty("data");
        data.GetProperty("key").GetString().Should().Be("redis-operation-latency.get");
        data.GetProperty("severity").GetString().Should().Be("critical");
        data.GetProperty("category").GetString().Should().Be("redis");
        data.GetProperty("resolution").GetString().Should().Be("manual");
        data.GetProperty("resolvedAt").GetDateTimeOffset().Should().Be(Notices.Resolved.ResolvedAt);
        data.GetProperty("context").GetProperty("Slowest").GetString().Should().Be("130 ms");
    }

    [Theory]
    [InlineData(408)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Sends_again_under_the_same_id_after_a_passing_error(int status)
    {
        _receiver.Answers.Enqueue(new(status));
        _receiver.Answers.Enqueue(new(status));

        await Notifier.NotifyAsync(Notices.Firing, CancellationToken.None);

        _receiver.Deliveries.Should().HaveCount(3);
        _receiver.Deliveries.Select(delivery => delivery.Id).Distinct().Should().ContainSingle();
    }

    [Fact]
    public async Task Waits_as_long_as_the_receiver_asks_for()
    {
        _receiver.Answers.Enqueue(new(429, ("Retry-After", "37")));

        await Notifier.NotifyAsync(Notices.Firing, CancellationToken.None);

        _receiver.Deliveries.Should().HaveCount(2);
        _clock.Waits.Should().Contain(TimeSpan.FromSeconds(37));
    }

    [Fact]
    public async Task Gives_up_when_the_receiver_asks_for_more_than_is_allowed()
    {
        _receiver.Answers.Enqueue(new(429, ("Retry-After", "3600")));

        var sending = () => Notifier.NotifyAsync(Notices.Firing, CancellationToken.None);

        await sending.Should().ThrowAsync<HttpRequestException>().WithMessage("127.0.0.1 answered 429*");
        _receiver.Deliveries.Should().ContainSingle();
    }

    [Fact]
    public async Task Gives_up_after_the_last_attempt()
    {
        for (var i = 0; i < 9; i++)
        {
            _receiver.Answers.Enqueue(new(500));
        }

        var sending = () => Notifier.NotifyAsync(Notices.Firing, CancellationToken.None);

        await sending.Should().ThrowAsync<HttpRequestException>();
        _receiver.Deliveries.Should().HaveCount(5);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    public async Task Does_not_repeat_what_was_refused(int status)
    {
        _receiver.Answers.Enqueue(new(status));

        var sending = () => Notifier.NotifyAsync(Notices.Firing, CancellationToken.None);

        await sending.Should().ThrowAsync<HttpRequestException>();
        _receiver.Deliveries.Should().ContainSingle();
    }

    [Fact]
    public async Task Does_not_follow_a_redirect()
    {
        _receiver.Answers.Enqueue(new(307, ("Location", _receiver.Url + "elsewhere")));

        var sending = () => Notifier.NotifyAsync(Notices.Firing, CancellationToken.None);

        await sending.Should().ThrowAsync<HttpRequestException>().WithMessage("*307*");
        _receiver.Deliveries.Should().ContainSingle();
    }

    [Fact]
    public async Task Never_calls_a_receiver_again_that_is_gone()
    {
        _receiver.Answers.Enqueue(new(410));
        var sending = () => Notifier.NotifyAsync(Notices.Firing, CancellationToken.None);

        await sending.Should().ThrowAsync<HttpRequestException>();
        await sending.Should().ThrowAsync<InvalidOperationException>().WithMessage("*410 Gone*");

        _receiver.Deliveries.Should().ContainSingle();
    }

    [Fact]
    public async Task Sends_again_when_the_receiver_does_not_answer_in_time()
    {
        _receiver.Answers.Enqueue(null);

        await Create(options => options.Timeout = TimeSpan.FromMinutes(2)).NotifyAsync(Notices.Firing, CancellationToken.None);

        _receiver.Deliveries.Should().HaveCount(2);
    }

    [Fact]
    public async Task Stops_waiting_for_an_answer_when_it_is_cancelled()
    {
        _receiver.Answers.Enqueue(null);
        using var cancellation = new CancellationTokenSource();
        var sending = Create(options => options.Timeout = TimeSpan.FromMinutes(5)).NotifyAsync(Notices.Firing, cancellation.Token);
        while (_receiver.Deliveries.IsEmpty)
        {
            await Task.Delay(5);
        }

        await cancellation.CancelAsync();

        await ((Func<Task>)(() => sending)).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task No_error_repeats_the_path_or_the_secret()
    {
        _receiver.Answers.Enqueue(new(400));
        var refused = () => Create(options => options.Url = _receiver.Url + "token-1234").NotifyAsync(Notices.Firing, CancellationToken.None);
        var unreachable = () => Create(options => { options.Url = "http://127.0.0.1:1/token-1234"; options.MaxAttempts = 1; }).NotifyAsync(Notices.Firing, CancellationToken.None);

        (await refused.Should().ThrowAsync<Exception>()).Which.ToString().Should().NotContain("token-1234").And.NotContain(Secret[6..]);
        (await unreachable.Should().ThrowAsync<Exception>()).Which.ToString().Should().NotContain("token-1234").And.NotContain(Secret[6..]);
    }

    [Theory]
    [InlineData(null, Secret, "Url is not set")]
    [InlineData("/relative/token-1234", Secret, "Url is 'redacted'")]
    [InlineData("ftp://example.org/token-1234", Secret, "Url is 'redacted'")]
    [InlineData("https://user:token-1234@example.org/", Secret, "Url is 'redacted'")]
    [InlineData("https://example.org/", null, "Secret is not set")]
    [InlineData("https://example.org/", "token-1234", "Secret is 'redacted'")]
    [InlineData("https://example.org/", "whsec_token-1234 is no base64 at all", "Secret is 'redacted'")]
    public void Refuses_an_address_or_a_secret_without_repeating_it(string? url, string? secret, string message)
    {
        var creating = () => new WebhookNotifier(new WebhookNotifierOptions { Url = url, Secret = secret });

        creating.Should().Throw<ArgumentException>().WithMessage($"*{message}*").Which.Message.Should().NotContain("token-1234");
    }

    private WebhookNotifier Create(Action<WebhookNotifierOptions>? configure = null)
    {
        var options = new WebhookNotifierOptions { Url = _receiver.Url, Secret = Secret, Timeout = TimeSpan.FromMinutes(5) };
        configure?.Invoke(options);
        _created.Add(new WebhookNotifier(options, _clock));
        return _created[^1];
    }
}
