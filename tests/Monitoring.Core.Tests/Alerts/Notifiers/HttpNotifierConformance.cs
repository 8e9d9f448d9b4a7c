using System.Net;
using Monitoring.Alerts;
using Monitoring.Alerts.Notifiers;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Alerts.Notifiers;

/// <summary>What every notifier over HTTP must do besides.</summary>
public abstract class HttpNotifierConformance : NotifierConformance, IAsyncLifetime
{
    /// <summary>A piece of the path that nobody may see.</summary>
    private protected const string PathSecret = "path-secret-1234";

    private readonly List<IDisposable> _created = [];
    private IAlertNotifier? _notifier;

    private protected WebhookReceiver Receiver { get; } = new();

    private protected FakeClock Clock { get; } = new();

    private protected sealed override IAlertNotifier Notifier => _notifier ??= Create();

    /// <summary>Secrets of the notifiers that are made here, beside the one in the path.</summary>
    private protected abstract IReadOnlyList<string> Secrets { get; }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _created.ForEach(static notifier => notifier.Dispose());
        await Receiver.DisposeAsync();
    }

    /// <summary>A notifier of this address; the receiver's by default.</summary>
    private protected abstract IAlertNotifier Make(string url, Action<HttpNotifierOptions>? configure);

    private protected IAlertNotifier Create(Action<HttpNotifierOptions>? configure = null) => Keep(Make(Receiver.Url + PathSecret, configure));

    private protected T Keep<T>(T notifier)
        where T : IAlertNotifier
    {
        _created.Add((IDisposable)notifier);
        return notifier;
    }

    private protected sealed override IAlertNotifier CreateBroken() => Keep(Make($"http://127.0.0.1:1/{PathSecret}", null));

    [Theory]
    [InlineData(400, true)]
    [InlineData(401, true)]
    [InlineData(403, true)]
    [InlineData(404, true)]
    [InlineData(408, false)]
    [InlineData(413, true)]
    [InlineData(429, false)]
    [InlineData(500, false)]
    [InlineData(502, false)]
    [InlineData(503, false)]
    public async Task Says_whether_another_attempt_makes_sense(int status, bool isPermanent)
    {
        var error = await ErrorOf(new(status));

        error.IsPermanent.Should().Be(isPermanent);
        error.IsGone.Should().BeFalse();
        error.RetryAfter.Should().BeNull();
        error.Message.Should().Contain("127.0.0.1").And.Contain($"{status}");
        Receiver.Deliveries.Should().ContainSingle();
    }

    [Fact]
    public async Task Says_that_a_receiver_is_gone() => (await ErrorOf(new(410))).IsGone.Should().BeTrue();

    [Fact]
    public async Task Passes_on_for_how_long_the_receiver_wants_to_be_left_alone()
    {
        (await ErrorOf(new(429, ("Retry-After", "37")))).RetryAfter.Should().Be(TimeSpan.FromSeconds(37));
        (await ErrorOf(new(503, ("Retry-After", (Clock.GetUtcNow() + TimeSpan.FromMinutes(2)).ToString("r"))))).RetryAfter.Should().Be(TimeSpan.FromMinutes(2));
        (await ErrorOf(new(503, ("Retry-After", (Clock.GetUtcNow() - TimeSpan.FromMinutes(2)).ToString("r"))))).RetryAfter.Should().Be(TimeSpan.Zero);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(307)]
    public async Task Does_not_follow_a_redirect(int status)
    {
        var error = await ErrorOf(new(status, ("Location", Receiver.Url + "elsewhere")));

        error.Message.Should().Contain("redirect");
        error.IsPermanent.Should().BeTrue();
        Receiver.Deliveries.Should().ContainSingle();
    }

    [Fact]
    public async Task Stops_waiting_for_an_answer_when_it_is_cancelled()
    {
        Receiver.Answers.Enqueue(null);
        using var cancellation = new CancellationTokenSource();
        var sending = Notifier.NotifyAsync(Notices.Firing, cancellation.Token);
        while (Receiver.Deliveries.IsEmpty)
        {
            await Task.Delay(5);
        }

        await cancellation.CancelAsync();

        await ((Func<Task>)(() => sending)).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task No_error_repeats_a_secret_even_if_the_receiver_does()
    {
        var echo = string.Join(' ', Secrets.Prepend(PathSecret));
        var refused = await ErrorOf(new(400) { Body = echo });
        var taken = await ErrorOf(new(500) { Body = echo });
        var unreachable = (await ((Func<Task>)(() => CreateBroken().NotifyAsync(Notices.Firing, CancellationToken.None))).Should().ThrowAsync<AlertDeliveryException>()).Which;

        foreach (var secret in Secrets.Prepend(PathSecret))
        {
            new[] { refused, taken, unreachable }.Should().AllSatisfy(error => error.ToString().Should().NotContain(secret));
        }
    }

    [Fact]
    public async Task Connects_to_no_private_address_where_only_public_ones_are_allowed()
    {
        var notifier = Create(static options => options.PublicAddressesOnly = true);

        (await Awaiting(notifier).Should().ThrowAsync<AlertDeliveryException>().WithMessage("*not public*")).Which.IsPermanent.Should().BeTrue();
        Receiver.Deliveries.Should().BeEmpty();
    }

    [Fact]
    public async Task Takes_only_hosts_that_are_allowed()
    {
        var other = () => Create(static options => options.AllowedHosts.Add("*.example.org"));

        other.Should().Throw<ArgumentException>().WithMessage("*AllowedHosts*").Which.Message.Should().NotContain(PathSecret);
        await Create(static options => options.AllowedHosts.Add("127.0.0.1")).NotifyAsync(Notices.Firing, CancellationToken.None);
        Receiver.Deliveries.Should().ContainSingle();
    }

    [Theory]
    [InlineData("/relative/token-1234")]
    [InlineData("ftp://example.org/token-1234")]
    [InlineData("https://user:token-1234@example.org/")]
    public void Refuses_an_address_without_repeating_it(string url)
    {
        var creating = () => Make(url, null);

        creating.Should().Throw<ArgumentException>().WithMessage("*Url is 'redacted'*").Which.Message.Should().NotContain("token-1234");
    }

    private protected async Task<AlertDeliveryException> ErrorOf(WebhookReceiver.Answer answer)
    {
        Receiver.Answers.Enqueue(answer);
        return (await Awaiting(Notifier).Should().ThrowAsync<AlertDeliveryException>()).Which;
    }

    private static Func<Task> Awaiting(IAlertNotifier notifier) => () => notifier.NotifyAsync(Notices.Firing, CancellationToken.None);
}
