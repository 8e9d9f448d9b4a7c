using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Monitoring.Telemetry;
using Monitoring.Validation;

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
    private readonly IValidateOptions<MonitoringOptions>[] _validators;
    private readonly ILogger<OptionsReload>? _logger;
    private readonly Lock _lock = new();

    // Guarded by _lock: what was set by hand, put on top of what the configuration says.
    private Action<MonitoringOptions>? _override;

    public OptionsReload(
        IPerformanceMonitor monitor,
        IOptionsFactory<MonitoringOptions> factory,
        IEnumerable<IOptionsChangeTokenSource<MonitoringOptions>> sources,
        IEnumerable<ILiveSettings> others,
        IEnumerable<IValidateOptions<MonitoringOptions>> validators,
        ILogger<OptionsReload>? logger = null)
    {
        // A monitor of the application's own decides for itself what it takes over.
        _monitor = monitor as PerformanceMonitor;
        _others = [.. others];
        _validators = [.. validators];
        _factory = factory;
        _logger = logger;
        foreach (var source in sources)
        {
            _registrations.Add(ChangeToken.OnChange(source.GetChangeToken, Reload));
        }
    }

    public void Dispose() => _registrations.ForEach(static registration => registration.Dispose());

    /// <summary>Puts settings on top of what the configuration says, now and whenever it changes, in place of what was there before. All or, with errors, none.</summary>
    /// <param name="change">Sets them; called for each new set of options.</param>
    /// <returns>What is wrong, by key; empty when the settings are in effect.</returns>
    public IReadOnlyList<(string Key, string Message)> Override(Action<MonitoringOptions> change)
    {
        lock (_lock)
        {
            try
            {
                var options = _factory.Create(Options.DefaultName);
                change(options);
                var errors = new OptionsErrors(nameof(Monitoring));
                options.Validate(errors);
                if (errors.ByKey.Count > 0)
                {
                    return errors.ByKey;
                }

                ValidateByHost(options);
                TakeOver(options);
                _override = change;
                return [];
            }
            catch (Exception exception) when (IsRefusal(exception))
            {
                // What the configuration says is wrong, or the host has a rule of its own: no key is known.
                return [(nameof(Monitoring), exception.Message)];
            }
        }
    }

    private static bool IsRefusal(Exception exception) => exception is OptionsValidationException or InvalidOperationException or ArgumentException;

    private void Reload()
    {
        try
        {
            lock (_lock)
            {
                var options = _factory.Create(Options.DefaultName);
                if (_override is not null)
                {
                    _override(options);
                    ValidateByHost(options);
                }

                TakeOver(options);
            }

            if (_logger is not null)
            {
                LogReloaded(_logger);
            }
        }
        catch (Exception exception) when (IsRefusal(exception))
        {
            if (_logger is not null)
            {
                LogRefused(_logger, exception.Message);
            }
        }
    }

    private void ValidateByHost(MonitoringOptions options)
    {
        string[] failures = [.. _validators.Select(validator => validator.Validate(Options.DefaultName, options)).Where(static result => result.Failed).SelectMany(static result => result.Failures ?? [])];
        if (failures.Length > 0)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(MonitoringOptions), failures);
        }
    }

    // Everything has been validated: what is refused was taken over by nobody.
    private void TakeOver(MonitoringOptions options)
    {
        _monitor?.Reload(options);
        foreach (var other in _others)
        {
            other.Reload(options);
        }
    }

    [LoggerMessage(EventId = EventIds.OptionsReloaded, Level = LogLevel.Information, Message = "The monitor's settings were read anew; those that reload live are in effect")]
    private static partial void LogReloaded(ILogger logger);

    [LoggerMessage(EventId = EventIds.OptionsRefused, Level = LogLevel.Warning, Message = "The monitor's settings have changed and cannot be used; the old ones stay in effect: {Message}")]
    private static partial void LogRefused(ILogger logger, string message);
}
