using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Redis;
using Monitoring.Telemetry;

namespace Monitoring.Core.Tests.DependencyInjection;

/// <summary>A change of the configuration reaches the running monitor, or is refused in words.</summary>
public sealed class OptionsReloadTests : IAsyncLifetime, ILoggerProvider
{
    private static readonly RedisOperationMetric Slow = new("GET", TimeSpan.FromMilliseconds(50));

    private readonly List<(int Event, string Message)> _logged = [];
    private IHost _host = null!;

    private IConfigurationRoot Configuration => (IConfigurationRoot)_host.Services.GetRequiredService<IConfiguration>();

    private IPerformanceMonitor Monitor => _host.Services.GetRequiredService<IPerformanceMonitor>();

    public async Task InitializeAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection();
        builder.Logging.AddProvider(this);
        builder.Services.AddMonitoring(builder.Configuration.GetSection("Monitoring"));
        _host = builder.Build();
        await _host.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    [Fact]
    public void A_changed_threshold_is_in_effect_at_once()
    {
        Monitor.RecordRedisOperation(in Slow);
        Change("Monitoring:Redis:SlowThreshold", "00:00:00.010");
        Monitor.RecordRedisOperation(in Slow);

        Monitor.GetRedisOperationSummary().SlowOperations.Should().ContainSingle().Which.Count.Should().Be(1);
        _logged.Should().ContainSingle(entry => entry.Event == EventIds.OptionsReloaded);
    }

    [Fact]
    public void A_value_that_is_out_of_range_is_refused_and_named_and_the_old_one_stays()
    {
        Change("Monitoring:Redis:SlowThreshold", "00:00:00.010");
        var changing = () => Change("Monitoring:Redis:SlowThreshold", "00:00:00");

        // The host's own IOptionsMonitor, which validates at the start, throws at whoever reloads.
        changing.Should().Throw<AggregateException>();
        _logged.Should().ContainSingle(entry => entry.Event == EventIds.OptionsRefused)
            .Which.Message.Should().Contain("Monitoring:Redis:SlowThreshold is 00:00:00; allowed: 00:00:00.0010000 to 00:01:00.");
        Monitor.RecordRedisOperation(in Slow);
        Monitor.GetRedisOperationSummary().SlowOperations.Should().ContainSingle();
    }

    [Fact]
    public void A_value_that_cannot_be_read_is_refused_and_named()
    {
        var changing = () => Change("Monitoring:Redis:SamplesPerSecond", "many");

        changing.Should().Throw<AggregateException>();
        _logged.Should().ContainSingle(entry => entry.Event == EventIds.OptionsRefused).Which.Message.Should().Contain("Monitoring:Redis:SamplesPerSecond");
    }

    [Fact]
    public void Without_a_host_settings_are_handed_over_in_code()
    {
        using var monitor = PerformanceMonitor.Create();

        monitor.Reload(new MonitoringOptions { Redis = { SlowThreshold = TimeSpan.FromMilliseconds(10) } });
        monitor.Redis.Record(in Slow);
        var wrong = () => monitor.Reload(new MonitoringOptions { Redis = { SamplesPerSecond = -1 } });

        monitor.Redis.GetSummary().SlowOperations.Should().ContainSingle();
        wrong.Should().Throw<OptionsValidationException>().WithMessage("*Monitoring:Redis:SamplesPerSecond is -1; allowed: 0 to 100000.*");
    }

    ILogger ILoggerProvider.CreateLogger(string categoryName) => new Listing(_logged);

    void IDisposable.Dispose()
    {
    }

    private void Change(string key, string value)
    {
        Configuration[key] = value;
        Configuration.Reload();
    }

    private sealed class Listing(List<(int Event, string Message)> entries) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            entries.Add((eventId.Id, formatter(state, exception)));
    }
}
