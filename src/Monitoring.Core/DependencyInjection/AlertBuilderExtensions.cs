using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Monitoring.Alerts;
using Monitoring.Alerts.Notifiers;
using Monitoring.DependencyInjection;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds notifiers of alerts beside the log, which is there by default.</summary>
public static class AlertBuilderExtensions
{
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

    /// <summary>Sends notices as a section of the configuration says, such as <c>Monitoring:Alerts:Webhook</c>.</summary>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="section">Bound to <see cref="WebhookNotifierOptions"/>, which are validated when the host starts.</param>
    public static IMonitoringBuilder AddWebhook(this IMonitoringBuilder builder, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(section);
        builder.AddWebhook(section.Path).Bind(section);
        return builder;
    }

    /// <summary>Sends notices to an address, signed; each call adds a receiver.</summary>
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="configure">Sets address and secret at least; the result is validated when the host starts.</param>
    public static IMonitoringBuilder AddWebhook(this IMonitoringBuilder builder, Action<WebhookNotifierOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var number = builder.Services.Count(static service => service.ServiceType == typeof(IAlertNotifier));
        builder.AddWebhook($"AddWebhook #{number}").Configure(configure);
        return builder;
    }

    // The name of the options is where they come from, so that a message about them can say so.
    private static OptionsBuilder<WebhookNotifierOptions> AddWebhook(this IMonitoringBuilder builder, string origin)
    {
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WebhookNotifierOptions>, WebhookNotifierOptionsValidator>());
        builder.Services.AddSingleton<IAlertNotifier>(provider => new WebhookNotifier(
            provider.GetRequiredService<IOptionsMonitor<WebhookNotifierOptions>>().Get(origin),
            provider.GetService<TimeProvider>()));
        return builder.Services.AddOptions<WebhookNotifierOptions>(origin).ValidateOnStart();
    }
}
