using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Monitoring.Telemetry;

namespace Monitoring.DependencyInjection;

/// <summary>
/// Hands changed settings to the running monitor and to what else takes them over. Settings that cannot be taken over leave the monitor as it is and are
/// logged. Reads through the factory rather than through <c>IOptionsMonitor</c>, which would throw at whoever reloads.
/// </summary>
internal sealed partial class OptionsReload : IDisposable
{
    private readonly List<IDisposable> _registrations = [];
    private readonly PerformanceMonitor? _monitor;
    private readonly ILiveSettings[] _others;
    private readonly IOptionsFactory<MonitoringOptions> _factory;
    private readonly ILogger<OptionsReload>? _logger;

    public OptionsReload(
        IPerformanceMonitor monitor,
        IOptionsFactory<MonitoringOptions> factory,
        IEnumerable<IOptionsChangeTokenSource<MonitoringOptions>> sources,
        IEnumerable<ILiveSettings> others,
        ILogger<OptionsReload>? logger = null)
    {
        // A monitor of the application's own decides for itself what it takes over.
        _monitor = monitor as PerformanceMonitor;
        _others = [.. others];
        _factory = factory;
        _logger = logger;
        foreach (var source in sources)
        {
            _registrations.Add(ChangeToken.OnChange(source.GetChangeToken, Reload));
        }
    }

    public void Dispose() => _registrations.ForEach(static registration => registration.Dispose());

    private void Reload()
    {
        try
        {
            // Everything is validated by the factory: what is refused was taken over by nobody.
            var options = _factory.Create(Options.DefaultName);
            _monitor?.Reload(options);
            foreach (var other in _others)
            {
                other.Reload(options);
            }

            if (_logger is not null)
            {
                LogReloaded(_logger);
            }
        }
        catch (Exception exception) when (exception is OptionsValidationException or InvalidOperationException or ArgumentException)
        {
            if (_logger is not null)
            {
                LogRefused(_logger, exception.Message);
            }
        }
    }

    [LoggerMessage(EventId = EventIds.OptionsReloaded, Level = LogLevel.Information, Message = "The monitor's settings were read anew; those that reload live are in effect")]
    private static partial void LogReloaded(ILogger logger);

    [LoggerMessage(EventId = EventIds.OptionsRefused, Level = LogLevel.Warning, Message = "The monitor's settings have changed and cannot be used; the old ones stay in effect: {Message}")]
    private static partial void LogRefused(ILogger logger, string message);
}
