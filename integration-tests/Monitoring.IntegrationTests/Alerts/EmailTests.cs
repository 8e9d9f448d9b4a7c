using System.Text.Json;
using Monitoring.Alerts;
using Monitoring.Alerts.Notifiers;

namespace Monitoring.IntegrationTests.Alerts;

/// <summary>Mails through a real server that wants STARTTLS and a login.</summary>
public sealed class EmailTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Alert Firing = new()
    {
        Key = "redis-operation-latency.get",
        Rule = "redis-operation-latency",
        Instance = "GET",
        Category = AlertCategory.Redis,
        State = AlertState.Firing,
        Severity = AlertSeverity.Critical,
        Message = "Größer als <b>500 ms</b> 😀\r\n.\r\nQUIT",
        Metric = "redis-operation-latency",
        Value = 700,
        Threshold = 500,
        Unit = "ms",
        StartedAt = Noon,
        Context = new Dictionary<string, string> { ["Slowest"] = "130 ms" },
    };

    [Theory]
    [InlineData("starttls", EmailEncryption.StartTls)]
    [InlineData("tls", EmailEncryption.Tls)]
    public async Task A_mail_arrives_encrypted_and_both_of_its_parts_can_be_read(string mode, EmailEncryption encryption)
    {
        await using var server = await MailServer.StartAsync(mode);

        await Create(server, options => options.Encryption = encryption).NotifyAsync(Of(Firing), CancellationToken.None);

        var mail = await server.ReadAsync();
        Text(mail, "defects").Should().Be("[]");
        mail.GetProperty("encrypted").GetBoolean().Should().BeTrue();
        Text(mail, "user").Should().Be(MailServer.User);
        Text(mail, "sender").Should().Be("monitor@example.org");
        Text(mail, "recipients").Should().Be("[\"ada@example.org\", \"ops@example.org\"]");
        Text(mail, "to").Should().Be("[\"ada@example.org\", \"ops@example.org\"]");
        Text(mail, "from").Should().Be("Wächter");
        Text(mail, "type").Should().Be("multipart/alternative");
        Text(mail, "subject").Should().Be("[CRITICAL] redis-operation-latency.get fires");
        Text(mail, "text").Should().Contain("Größer als <b>500 ms</b> 😀  .  QUIT").And.Contain("Slowest: 130 ms");
        Text(mail, "html").Should().Contain("als &lt;b&gt;500 ms&lt;/b&gt;").And.Contain("<td>130 ms</td>");
        DateTimeOffset.Parse(Text(mail, "date"), null).Should().BeWithin(TimeSpan.FromMinutes(10)).Before(DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task Mails_of_one_alert_make_a_thread()
    {
        await using var server = await MailServer.StartAsync();
        var notifier = Create(server);

        var first = await notifier.NotifyAsync(Of(Firing), CancellationToken.None);
        var over = Firing with { State = AlertState.Resolved, ResolvedAt = Noon + TimeSpan.FromHours(1), Resolution = AlertResolution.Automatic };
        await notifier.NotifyAsync(Of(over, first), CancellationToken.None);

        Text(await server.ReadAsync(), "messageId").Should().Be(first);
        var second = await server.ReadAsync();
        Text(second, "inReplyTo").Should().Be(first);
        Text(second, "subject").Should().Be("[RESOLVED] redis-operation-latency.get is resolved after 01:00:00");
    }

    [Fact]
    public async Task A_wrong_password_is_permanent_and_not_repeated()
    {
        await using var server = await MailServer.StartAsync();

        var error = await ErrorOf(Create(server, static options => options.Password = "wrong-1234"));

        error.IsPermanent.Should().BeTrue();
        error.ToString().Should().Contain("535").And.NotContain("wrong-1234").And.NotContain(Convert.ToBase64String("wrong-1234"u8));
    }

    [Fact]
    public async Task A_server_whose_certificate_is_not_trusted_or_not_its_own_gets_neither_password_nor_mail()
    {
        await using var server = await MailServer.StartAsync();

        var stranger = await ErrorOf(Create(server, static options => options.AuthorityFile = null));
        var another = await ErrorOf(Create(server, static options => options.Host = "127.0.0.1"));

        stranger.IsPermanent.Should().BeFalse("a certificate may be mended");
        another.IsPermanent.Should().BeFalse();

        // The first mail that the server has seen is one that it was meant to.
        await Create(server).NotifyAsync(Of(Firing) with { Id = "first" }, CancellationToken.None);
        Text(await server.ReadAsync(), "messageId").Should().Be("<first@example.org>");
    }

    [Fact]
    public async Task A_server_that_is_down_is_worth_another_attempt()
    {
        var server = await MailServer.StartAsync();
        var notifier = Create(server);
        await notifier.NotifyAsync(Of(Firing), CancellationToken.None);
        await server.DisposeAsync();

        (await ErrorOf(notifier)).IsPermanent.Should().BeFalse();
    }

    private static async Task<AlertDeliveryException> ErrorOf(EmailNotifier notifier) =>
        (await ((Func<Task>)(() => notifier.NotifyAsync(Of(Firing), CancellationToken.None))).Should().ThrowAsync<AlertDeliveryException>()).Which;

    private static EmailNotifier Create(MailServer server, Action<EmailNotifierOptions>? configure = null)
    {
        var options = new EmailNotifierOptions
        {
            Host = "localhost",
            Port = server.Port,
            AuthorityFile = server.AuthorityFile,
            UserName = MailServer.User,
            Password = MailServer.Password,
            From = "Wächter <monitor@example.org>",
            To = { "ada@example.org", "Ops <ops@example.org>" },
        };
        configure?.Invoke(options);
        return new EmailNotifier(options);
    }

    private static AlertNotice Of(Alert alert, string? receipt = null) => new()
    {
        Id = Guid.NewGuid().ToString("N"),
        CreatedAt = Noon,
        Group = new Dictionary<string, string> { ["alertname"] = alert.Rule },
        Entries = [new AlertNoticeEntry(alert, alert.State == AlertState.Resolved ? AlertNoticeReason.Resolved : AlertNoticeReason.Firing, receipt)],
    };

    private static string Text(JsonElement mail, string name) => mail.GetProperty(name).ToString();
}
