using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Alerts;
using Monitoring.Alerts.Notifiers;
using Monitoring.DependencyInjection;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Adds notifiers of alerts beside the log, which is there by default. Each call adds a channel; options are validated when
/// the host starts and read once.
/// </summary>
public static class AlertBuilderExtensions
{
    /// <summary>Tells a notifier of the host's own, made by the container; see <see cref="IAlertNotifier"/>.</summary>
    /// <typeparam name="TNotifier">What it is.</typeparam>
    /// <param name="builder">The monitor's builder.</param>
    public static IMonitoringBuilder AddNotifier<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TNotifier>(this IMonitoringBuilder builder)
        where TNotifier : class, IAlertNotifier
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<IAlertNotifier, TNotifier>();
        return builder;
    }

    /// <summary>Tells a notifier of the host's own; see <see cref="IAlertNotifier"/>.</summary>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="notifier">What it is; disposed by its owner.</param>
    public static IMonitoringBuilder AddNotifier(this IMonitoringBuilder builder, IAlertNotifier notifier)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton(notifier);
        return builder;
    }

    /// <summary>Sets what the log, which is told by default, is told of.</summary>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="configure">Changes the defaults.</param>
    public static IMonitoringBuilder ConfigureLogNotifier(this IMonitoringBuilder builder, Action<LogNotifierOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure(configure);
        return builder;
    }

    /// <summary>Sets what the log, which is told by default, is told of.</summary>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="section">Bound to <see cref="LogNotifierOptions"/>; <c>Monitoring:Alerts:Log</c> by convention.</param>
    public static IMonitoringBuilder ConfigureLogNotifier(this IMonitoringBuilder builder, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(section);
        builder.Services.AddOptions<LogNotifierOptions>().Bind(section);
        return builder;
    }

    /// <summary>Writes notices to the console; see <see cref="ConsoleNotifier"/>.</summary>
    /// <param name="builder">The monitor's builder.</param>
    public static IMonitoringBuilder AddConsole(this IMonitoringBuilder builder) => builder.AddConsole(static _ => { });

    /// <summary>Writes notices to the console, as a section of the configuration says; see <see cref="ConsoleNotifier"/>.</summary>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="section">Bound to <see cref="ConsoleNotifierOptions"/>; <c>Monitoring:Alerts:Console</c> by convention.</param>
    public static IMonitoringBuilder AddConsole(this IMonitoringBuilder builder, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        builder.AddConsoleFrom(section.Path).Bind(section);
        return builder;
    }

    /// <summary>Writes notices to the console; see <see cref="ConsoleNotifier"/>.</summary>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="configure">Changes the defaults.</param>
    public static IMonitoringBuilder AddConsole(this IMonitoringBuilder builder, Action<ConsoleNotifierOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        builder.AddConsoleFrom(builder.OriginInCode("AddConsole")).Configure(configure);
        return builder;
    }

    /// <summary>Sends notices by e-mail; see <see cref="EmailNotifier"/>.</summary>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="host">The mail server, which is asked for STARTTLS on port 587.</param>
    /// <param name="from">Who the mails are from.</param>
    /// <param name="to">Who gets them.</param>
    public static IMonitoringBuilder AddEmail(this IMonitoringBuilder builder, string host, string from, string to) =>
        builder.AddEmail(options =>
        {
            options.Host = host;
            options.From = from;
            options.To.Add(to);
        });

    /// <summary>Sends notices by e-mail, as a section of the configuration says; see <see cref="EmailNotifier"/>.</summary>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="section">Bound to <see cref="EmailNotifierOptions"/>; <c>Monitoring:Alerts:Email</c> by convention.</param>
    public static IMonitoringBuilder AddEmail(this IMonitoringBuilder builder, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        builder.AddEmailFrom(section.Path).Bind(section);
        return builder;
    }

    /// <summary>Sends notices by e-mail; see <see cref="EmailNotifier"/>.</summary>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="configure">Changes the defaults.</param>
    public static IMonitoringBuilder AddEmail(this IMonitoringBuilder builder, Action<EmailNotifierOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        builder.AddEmailFrom(builder.OriginInCode("AddEmail")).Configure(configure);
        return builder;
    }

    /// <summary>Writes notices to a Slack channel as a bot; see <see cref="SlackNotifier"/>.</summary>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="token">The bot's token.</param>
    /// <param name="channelId">The id of the channel.</param>
    public static IMonitoringBuilder AddSlack(this IMonitoringBuilder builder, string token, string channelId) =>
        builder.AddSlack(options =>
        {
            options.Token = token;
            options.ChannelId = channelId;
        });

    /// <summary>Writes notices to a Slack channel as a bot, as a section of the configuration says; see <see cref="SlackNotifier"/>.</summary>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="section">Bound to <see cref="SlackNotifierOptions"/>; <c>Monitoring:Alerts:Slack</c> by convention.</param>
    public static IMonitoringBuilder AddSlack(this IMonitoringBuilder builder, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        builder.AddSlackFrom(section.Path).Bind(section);
        return builder;
    }

    /// <summary>Writes notices to a Slack channel as a bot; see <see cref="SlackNotifier"/>.</summary>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="configure">Changes the defaults.</param>
    public static IMonitoringBuilder AddSlack(this IMonitoringBuilder builder, Action<SlackNotifierOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        builder.AddSlackFrom(builder.OriginInCode("AddSlack")).Configure(configure);
        return builder;
    }

    /// <summary>Sends notices to an address, signed; see <see cref="WebhookNotifier"/>.</summary>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="url">An absolute http or https address.</param>
    /// <param name="secret">The secret that notices are signed with: <c>whsec_</c> and base64, or other text; at least 24 bytes.</param>
    public static IMonitoringBuilder AddWebhook(this IMonitoringBuilder builder, string url, string secret) =>
        builder.AddWebhook(options =>
        {
            options.Url = url;
            options.Secret = secret;
        });

    /// <summary>Sends notices to an address, signed, as a section of the configuration says; see <see cref="WebhookNotifier"/>.</summary>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="section">Bound to <see cref="WebhookNotifierOptions"/>; <c>Monitoring:Alerts:Webhook</c> by convention.</param>
    public static IMonitoringBuilder AddWebhook(this IMonitoringBuilder builder, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        builder.AddWebhookFrom(section.Path).Bind(section);
        return builder;
    }

    /// <summary>Sends notices to an address, signed; see <see cref="WebhookNotifier"/>.</summary>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="configure">Changes the defaults.</param>
    public static IMonitoringBuilder AddWebhook(this IMonitoringBuilder builder, Action<WebhookNotifierOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        builder.AddWebhookFrom(builder.OriginInCode("AddWebhook")).Configure(configure);
        return builder;
    }

    /// <summary>Hands alerts to Alertmanager; see <see cref="AlertmanagerNotifier"/>.</summary>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="url">Its address, such as <c>http://alertmanager:9093</c>.</param>
    public static IMonitoringBuilder AddAlertmanager(this IMonitoringBuilder builder, string url) =>
        builder.AddAlertmanager(options =>
        {
            options.Url = url;
        });

    /// <summary>Hands alerts to Alertmanager, as a section of the configuration says; see <see cref="AlertmanagerNotifier"/>.</summary>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="section">Bound to <see cref="AlertmanagerNotifierOptions"/>; <c>Monitoring:Alerts:Alertmanager</c> by convention.</param>
    public static IMonitoringBuilder AddAlertmanager(this IMonitoringBuilder builder, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        builder.AddAlertmanagerFrom(section.Path).Bind(section);
        return builder;
    }

    /// <summary>Hands alerts to Alertmanager; see <see cref="AlertmanagerNotifier"/>.</summary>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="configure">Changes the defaults.</param>
    public static IMonitoringBuilder AddAlertmanager(this IMonitoringBuilder builder, Action<AlertmanagerNotifierOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        builder.AddAlertmanagerFrom(builder.OriginInCode("AddAlertmanager")).Configure(configure);
        return builder;
    }

    private static OptionsBuilder<ConsoleNotifierOptions> AddConsoleFrom(this IMonitoringBuilder builder, string origin) =>
        builder.AddNotifier<ConsoleNotifierOptions>(origin, static (options, _, _) => new ConsoleNotifier(options));

    private static OptionsBuilder<EmailNotifierOptions> AddEmailFrom(this IMonitoringBuilder builder, string origin) =>
        builder.AddNotifier<EmailNotifierOptions>(origin, static (options, time, provider) => new EmailNotifier(options, time, provider.GetService<ILoggerFactory>()));

    private static OptionsBuilder<SlackNotifierOptions> AddSlackFrom(this IMonitoringBuilder builder, string origin) =>
        builder.AddNotifier<SlackNotifierOptions>(origin, static (options, time, _) => new SlackNotifier(options, time));

    private static OptionsBuilder<WebhookNotifierOptions> AddWebhookFrom(this IMonitoringBuilder builder, string origin) =>
        builder.AddNotifier<WebhookNotifierOptions>(origin, static (options, time, _) => new WebhookNotifier(options, time));

    private static OptionsBuilder<AlertmanagerNotifierOptions> AddAlertmanagerFrom(this IMonitoringBuilder builder, string origin) =>
        builder.AddNotifier<AlertmanagerNotifierOptions>(origin, static (options, time, _) => new AlertmanagerNotifier(options, time));
}
