using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Monitoring.Alerts;
using Monitoring.Alerts.Notifiers;

namespace Monitoring.DependencyInjection;

/// <summary>Registers one notifier with options of its own: each call is a channel more.</summary>
internal static class NotifierRegistration
{
    /// <param name="builder">The monitor's builder.</param>
    /// <param name="origin">Where the options come from, so that a message about them can say so: the path of a section, or the name of a method.</param>
    /// <param name="create">Makes the notifier.</param>
    public static OptionsBuilder<TOptions> AddNotifier<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        this IMonitoringBuilder builder, string origin, Func<TOptions, TimeProvider, IServiceProvider, IAlertNotifier> create)
        where TOptions : NotifierOptions
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>, NotifierOptionsValidator<TOptions>>());
        builder.Services.AddSingleton(provider => create(
            provider.GetRequiredService<IOptionsMonitor<TOptions>>().Get(origin),
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider));
        builder.Services.AddSingleton(new NotifierSettings(origin, typeof(TOptions), provider => provider.GetRequiredService<IOptionsMonitor<TOptions>>().Get(origin)));
        return builder.Services.AddOptions<TOptions>(origin).ValidateOnStart();
    }

    /// <summary>A name for options that come from code: two calls must not share one.</summary>
    public static string OriginInCode(this IMonitoringBuilder builder, string method)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return $"{method} #{builder.Services.Count(static service => service.ServiceType == typeof(IAlertNotifier))}";
    }
}
