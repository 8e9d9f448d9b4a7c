using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Monitoring.Alerts;
using Monitoring.Alerts.Notifiers;

namespace Monitoring.Core.Tests.DependencyInjection;

public sealed class NotifierRegistrationTests
{
    private const string Secret = "a secret of the tests, long enough";

    [Fact]
    public async Task Each_call_adds_a_channel_beside_the_log()
    {
        var own = new Own();
        var services = new ServiceCollection();
        services.AddMonitoring()
            .AddWebhook("https://example.org/a", Secret)
            .AddWebhook(static options => { options.Name = "pager"; options.Url = "https://example.org/b"; options.Secret = Secret; })
            .AddSlack("xoxb-1", "C1")
            .AddEmail("mail.example.org", "monitor@example.org", "ops@example.org")
            .AddAlertmanager("http://alertmanager:9093")
            .AddConsole()
            .AddNotifier<Own>()
            .AddNotifier(own);
        await using var provider = services.BuildServiceProvider();

        provider.GetServices<IAlertNotifier>().Select(static notifier => notifier.Name).Should().Equal("log", "webhook", "pager", "slack", "email", "alertmanager", "console", "own", "own");
        provider.GetServices<IAlertNotifier>().Last().Should().BeSameAs(own);
    }

    [Fact]
    public async Task Options_come_from_sections_lists_and_channel_options_included()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Monitoring:Alerts:Log:MinimumSeverity"] = "Critical",
            ["Monitoring:Alerts:Console:SendResolved"] = "false",
            ["Monitoring:Alerts:Webhook:Url"] = "https://example.org/a",
            ["Monitoring:Alerts:Webhook:Secret"] = Secret,
            ["Monitoring:Alerts:Webhook:PreviousSecrets:0"] = Secret + " before",
            ["Monitoring:Alerts:Webhook:AllowedHosts:0"] = "example.org",
            ["Monitoring:Alerts:Slack:Token"] = "xoxb-1",
            ["Monitoring:Alerts:Slack:ChannelId"] = "C1",
            ["Monitoring:Alerts:Slack:EscalateAfter"] = "00:15:00",
            ["Monitoring:Alerts:Email:Host"] = "mail.example.org",
            ["Monitoring:Alerts:Email:Encryption"] = "Tls",
            ["Monitoring:Alerts:Email:From"] = "monitor@example.org",
            ["Monitoring:Alerts:Email:To:0"] = "ops@example.org",
            ["Monitoring:Alerts:Email:Categories:0"] = "Redis",
            ["Monitoring:Alerts:Alertmanager:Url"] = "https://alertmanager.example.org",
            ["Monitoring:Alerts:Alertmanager:Labels:service"] = "shop",
            ["Monitoring:Alerts:Alertmanager:RepeatInterval"] = "00:00:30",
        }).Build();
        var alerts = configuration.GetSection("Monitoring:Alerts");
        var services = new ServiceCollection();
        services.AddMonitoring(configuration.GetSection("Monitoring"))
            .ConfigureLogNotifier(alerts.GetSection("Log"))
            .AddConsole(alerts.GetSection("Console"))
            .AddWebhook(alerts.GetSection("Webhook"))
            .AddSlack(alerts.GetSection("Slack"))
            .AddEmail(alerts.GetSection("Email"))
            .AddAlertmanager(alerts.GetSection("Alertmanager"));
        await using var provider = services.BuildServiceProvider();

        var channels = provider.GetServices<IAlertNotifier>().Select(static notifier => notifier.Channel).ToList();
        channels.OfType<LogNotifierOptions>().Single().MinimumSeverity.Should().Be(AlertSeverity.Critical);
        channels.OfType<ConsoleNotifierOptions>().Single().SendResolved.Should().BeFalse();
        var webhook = channels.OfType<WebhookNotifierOptions>().Single();
        webhook.PreviousSecrets.Should().Equal(Secret + " before");
        webhook.AllowedHosts.Should().Equal("example.org");
        channels.OfType<SlackNotifierOptions>().Single().EscalateAfter.Should().Be(TimeSpan.FromMinutes(15));
        var email = channels.OfType<EmailNotifierOptions>().Single();
        email.Encryption.Should().Be(EmailEncryption.Tls);
        email.Categories.Should().Equal(AlertCategory.Redis);
        email.To.Should().Equal("ops@example.org");
        var alertmanager = channels.OfType<AlertmanagerNotifierOptions>().Single();
        alertmanager.Labels.Should().Contain("service", "shop");
        alertmanager.RepeatInterval.Should().Be(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task What_is_wrong_stops_the_host_with_the_section_named_and_no_secret()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Monitoring:Alerts:Webhook:Url"] = "https://example.org/a", ["Monitoring:Alerts:Webhook:Secret"] = "short-1234" });
        builder.Services.AddMonitoring()
            .AddWebhook(builder.Configuration.GetSection("Monitoring:Alerts:Webhook"))
            .AddSlack("", "C1")
            .AddEmail("mail.example.org", "nobody", "ops@example.org")
            .AddConsole(static options => options.Timeout = TimeSpan.Zero)
            .ConfigureLogNotifier(static options => options.Name = "")
            .AddAlertmanager("ftp://example.org");
        using var host = builder.Build();

        var message = (await Record.ExceptionAsync(() => host.StartAsync()))!.ToString();

        message.Should().Contain("Monitoring:Alerts:Webhook:Secret is 'redacted'").And.NotContain("short-1234");
        message.Should().Contain("AddSlack").And.Contain(":From is 'nobody'").And.Contain(":Timeout is 00:00:00").And.Contain("LogNotifierOptions:Name").And.Contain("AddAlertmanager");
    }

    private sealed class Own : IAlertNotifier
    {
        public string Name => "own";

        public Task<string?> NotifyAsync(AlertNotice notice, CancellationToken cancellationToken) => Task.FromResult<string?>(null);
    }
}
