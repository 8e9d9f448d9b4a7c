using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.Alerts;

namespace Monitoring.Documentation.Tests;

/// <summary>The code blocks of docs/notifiers.md, compiled. Each stands there word for word, between its two marks.</summary>
internal static class NotifierSnippets
{
    public static void Register(WebApplicationBuilder builder)
    {
        // snippet: channels
        builder.Services.AddMonitoring(builder.Configuration.GetSection("Monitoring"))
            .AddEmail(builder.Configuration.GetSection("Monitoring:Alerts:Email"))
            .AddSlack(builder.Configuration.GetSection("Monitoring:Alerts:Slack"))
            .AddWebhook(o =>
            {
                o.Name = "pager";
                o.Url = "https://pager.example.org/hooks/7";
                o.Secret = builder.Configuration["PagerSecret"];
                o.MinimumSeverity = AlertSeverity.Critical;
                o.Categories.Add(AlertCategory.Redis);
            })
            .AddAlertmanager("http://alertmanager:9093")
            .AddConsole();
        // end
    }

    public static void RegisterEmail(WebApplicationBuilder builder)
    {
        // snippet: email
        builder.Services.AddMonitoring().AddEmail(o =>
        {
            o.Host = "smtp.example.org";                     // port 587 with STARTTLS
            o.UserName = "monitor";
            o.Password = builder.Configuration["SmtpPassword"];
            o.From = "Monitor <monitor@example.org>";
            o.To.Add("ops@example.org");
        });
        // end
    }

    public static void RegisterSlack(WebApplicationBuilder builder)
    {
        // snippet: slack
        builder.Services.AddMonitoring().AddSlack(builder.Configuration["SlackToken"]!, "C0123456789");
        // end
    }

    public static void RegisterOwn(WebApplicationBuilder builder)
    {
        // snippet: own
        builder.Services.AddMonitoring().AddNotifier<PagerNotifier>();
        // end
    }

    // snippet: notifier
    public sealed class PagerNotifier(PagerClient client) : IAlertNotifier
    {
        public string Name => "pager";

        public AlertChannelOptions Channel { get; } = new() { MinimumSeverity = AlertSeverity.Critical };

        public async Task<string?> NotifyAsync(AlertNotice notice, CancellationToken cancellationToken)
        {
            if (!await client.SendAsync(notice.Id, notice.Entries.Count, cancellationToken))
            {
                throw new AlertDeliveryException("The pager is busy.") { RetryAfter = TimeSpan.FromSeconds(30) };
            }

            return null;
        }
    }
    // end

    public abstract class PagerClient
    {
        public abstract Task<bool> SendAsync(string id, int alerts, CancellationToken cancellationToken);
    }
}
