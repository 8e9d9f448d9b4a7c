using Monitoring.Alerts;
using Monitoring.Alerts.Notifiers;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Alerts.Notifiers;

public sealed class EmailNotifierTests : NotifierConformance, IAsyncLifetime
{
    private const string Password = "password-1234";

    private readonly MailReceiver _receiver = new();
    private readonly FakeClock _clock = new();

    private protected override IAlertNotifier Notifier => Create();

    private protected override IReadOnlyList<string> Arrived => [.. Mails.Select(static mail => $"{mail.Headers["Subject"]}\n{mail.Text}")];

    private protected override int LongestArrival => 2_000_000;

    private IEnumerable<ReceivedMail> Mails => _receiver.Mails.Select(static mail => new ReceivedMail(mail));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    private protected override IAlertNotifier CreateBroken() => Create(static options => options.Port = 1);

    private protected override (int Told, int Counted) CountOf(IReadOnlyList<string> arrived) => People.CountOf(arrived.Single());

    [Fact]
    public async Task A_mail_has_what_readers_and_servers_expect()
    {
        await Create(static options =>
        {
            options.From = "\"Wächter über die Nacht, den Tag und alles, was dazwischen geschieht\" <monitor@example.org>";
            options.To.Add("ops@example.org");
        }).NotifyAsync(Notices.Firing, CancellationToken.None);

        var mail = Mails.Single();
        mail.Headers["Date"].Should().Be("Thu, 01 Jan 2026 00:00:00 +0000");
        mail.Headers["Subject"].Should().Be("[WARNING] redis-operation-latency.get fires");
        mail.Headers["From"].Should().Be("Wächter über die Nacht, den Tag und alles, was dazwischen geschieht <monitor@example.org>");
        mail.Headers["To"].Should().Be("<ada@example.org>, <ops@example.org>");
        mail.Headers["Auto-Submitted"].Should().Be("auto-generated");
        mail.Text.Should().Contain(Notices.Firing.Message).And.Contain("Slowest: 130 ms");
        mail.Html.Should().Contain("<td>Slowest</td><td>130 ms</td>");
        _receiver.Commands.Should().ContainInOrder("MAIL FROM:<monitor@example.org>", "RCPT TO:<ada@example.org>", "RCPT TO:<ops@example.org>", "DATA", "QUIT");
        _receiver.Mails.Single().Should().MatchRegex(@"\A[\x20-\x7e\r\n]*\z");
        _receiver.Mails.Single().Split("\r\n").Should().OnlyContain(static line => line.Length <= 998);
    }

    [Fact]
    public async Task Mails_of_one_alert_refer_to_the_first()
    {
        var first = await Notifier.NotifyAsync(Notices.Firing, CancellationToken.None);
        var then = await Notifier.NotifyAsync(Notices.Of([new AlertNoticeEntry(Notices.Resolved, AlertNoticeReason.Resolved, first)]), CancellationToken.None);

        var mails = Mails.ToList();
        mails[0].Headers["Message-ID"].Should().Be(first).And.MatchRegex("^<[0-9a-f]{32}@example.org>$");
        mails[0].Headers.Should().NotContainKey("References");
        mails[1].Headers["In-Reply-To"].Should().Be(first);
        mails[1].Headers["References"].Should().Be(first);
        mails[1].Headers["Message-ID"].Should().NotBe(first);
        then.Should().Be(first);
    }

    [Fact]
    public async Task Attempts_of_one_notice_are_the_same_mail()
    {
        var notice = Notices.Of(Notices.Firing);
        await Notifier.NotifyAsync(notice, CancellationToken.None);
        await Notifier.NotifyAsync(notice, CancellationToken.None);

        Mails.Select(static mail => mail.Headers["Message-ID"]).Distinct().Should().ContainSingle();
    }

    [Theory]
    [MemberData(nameof(AnyText))]
    public async Task Nothing_from_outside_becomes_a_header_a_command_or_markup(string text)
    {
        var alert = Notices.Firing with { Key = text, Message = text, Runbook = text, Context = new Dictionary<string, string> { [text] = text } };
        var notice = Notices.Of([new AlertNoticeEntry(alert, AlertNoticeReason.Firing, text)]) with { Id = text };

        await Notifier.NotifyAsync(notice, CancellationToken.None);

        var mail = Mails.Single();
        mail.Headers.Keys.Should().BeSubsetOf(["Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]);
        mail.Headers["Subject"].Should().NotContainAny("\r", "\n");
        mail.Html.Should().NotContainAny("<script", "<b>", "<!channel");
        _receiver.Commands.Should().HaveCount(5, "hello, sender, recipient, data and goodbye");
    }

    [Theory]
    [InlineData("EHLO", "421 later", false)]
    [InlineData("AUTH", "535 wrong password-1234", true)]
    [InlineData("AUTH", "454 later", false)]
    [InlineData("MAIL", "451 later", false)]
    [InlineData("MAIL", "550 never", true)]
    [InlineData("RCPT", "450 greylisted", false)]
    [InlineData("RCPT", "550 unknown", true)]
    [InlineData("DATA", "554 no", true)]
    [InlineData("mail", "452 full", false)]
    [InlineData("mail", "554 spam", true)]
    [InlineData("greeting", "554 go away", true)]
    [InlineData("greeting", "HTTP/1.1 400 Bad Request", false)]
    public async Task Says_whether_another_attempt_makes_sense(string command, string answer, bool isPermanent)
    {
        _receiver.Answers[command] = answer;
        var sending = () => Create(static options => (options.UserName, options.Password) = ("ada", Password)).NotifyAsync(Notices.Firing, CancellationToken.None);

        var error = (await sending.Should().ThrowAsync<AlertDeliveryException>()).Which;

        error.IsPermanent.Should().Be(isPermanent);
        error.ToString().Should().NotContain(Password);
    }

    [Theory]
    [InlineData("250 AUTH LOGIN PLAIN", "AUTH PLAIN AGFkYQBwYXNzd29yZC0xMjM0")]
    [InlineData("250 AUTH LOGIN", "AUTH LOGIN")]
    public async Task Logs_in_in_the_way_the_server_offers(string offer, string command)
    {
        _receiver.Answers["EHLO"] = $"250-test\r\n{offer}";
        _receiver.Answers["AUTH LOGIN"] = "334 VXNlcm5hbWU6";
        _receiver.Answers["YWRh"] = "334 UGFzc3dvcmQ6";
        _receiver.Answers["cGFzc3dvcmQtMTIzNA=="] = "235 welcome";

        await Create(static options => (options.UserName, options.Password) = ("ada", Password)).NotifyAsync(Notices.Firing, CancellationToken.None);

        _receiver.Commands.Should().Contain(command);
        _receiver.Mails.Should().ContainSingle();
    }

    [Fact]
    public async Task A_recipient_that_is_refused_does_not_keep_the_mail_from_the_others()
    {
        _receiver.Answers["RCPT TO:<ada@example.org>"] = "550 unknown";

        await Create(static options => options.To.Add("ops@example.org")).NotifyAsync(Notices.Firing, CancellationToken.None);

        _receiver.Mails.Should().ContainSingle();
    }

    [Theory]
    [InlineData(EmailEncryption.StartTls)]
    [InlineData(EmailEncryption.Tls)]
    public async Task Sends_nothing_where_encryption_was_asked_for_and_is_not_to_be_had(EmailEncryption encryption)
    {
        // The greeting of a server that does not encrypt is no beginning of TLS.
        var sending = () => Create(options => options.Encryption = encryption).NotifyAsync(Notices.Firing, CancellationToken.None);

        (await sending.Should().ThrowAsync<AlertDeliveryException>()).Which.IsPermanent.Should().BeFalse();
        _receiver.Commands.Should().NotContain(static command => command.StartsWith("MAIL", StringComparison.Ordinal) || command.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("greeting")]
    [InlineData("EHLO")]
    [InlineData("mail")]
    public async Task Stops_waiting_for_a_server_that_hangs_when_it_is_cancelled(string command)
    {
        _receiver.Answers[command] = "";
        using var cancellation = new CancellationTokenSource();
        var sending = Notifier.NotifyAsync(Notices.Firing, cancellation.Token);
        while (command == "greeting" ? sending.IsCompleted : command == "EHLO" ? _receiver.Commands.IsEmpty : _receiver.Mails.IsEmpty)
        {
            await Task.Delay(5);
        }

        await cancellation.CancelAsync();

        await ((Func<Task>)(() => sending)).Should().ThrowAsync<OperationCanceledException>();
    }

    [Theory]
    [InlineData("Host")]
    [InlineData("Port")]
    [InlineData("From")]
    [InlineData("To")]
    [InlineData("Password")]
    [InlineData("AuthorityFile")]
    [InlineData("Encryption")]
    public void Refuses_what_cannot_work_without_repeating_a_secret(string key)
    {
        var creating = () => Create(options =>
        {
            switch (key)
            {
                case "Host": options.Host = "no host\r\n"; break;
                case "Port": options.Port = 0; break;
                case "From": options.From = "a@example.org>\r\nRCPT TO:<b@example.org"; break;
                case "To": options.To.Add("nobody"); break;
                case "Password": options.Password = Password; break;
                case "AuthorityFile": options.AuthorityFile = "/nowhere.pem"; break;
                default: (options.Host, options.UserName, options.Password) = ("mail.example.org", "ada", Password); break;
            }
        });

        creating.Should().Throw<ArgumentException>().WithMessage($"*:{key} is*").Which.Message.Should().NotContain(Password);
    }

    private EmailNotifier Create(Action<EmailNotifierOptions>? configure = null)
    {
        var options = new EmailNotifierOptions { Host = "127.0.0.1", Port = _receiver.Port, Encryption = EmailEncryption.None, From = "monitor@example.org", To = { "ada@example.org" } };
        configure?.Invoke(options);
        return new EmailNotifier(options, _clock);
    }
}
