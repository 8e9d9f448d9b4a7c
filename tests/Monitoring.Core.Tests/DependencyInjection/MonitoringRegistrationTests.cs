using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Monitoring.Alerts;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.DependencyInjection;

public sealed class MonitoringRegistrationTests
{
    private const string Secret = "a secret of the tests, long enough";

    [Fact]
    public async Task The_monitor_runs_with_the_host_although_nobody_asks_for_it_and_stops_with_it()
    {
        var clock = new FakeClock();
        var source = new Counting();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<TimeProvider>(clock).AddSingleton<IMetricSource>(source).AddMonitoring();
        var host = builder.Build();
        await host.StartAsync();

        clock.Advance(TimeSpan.FromSeconds(3));
        source.Collected.Should().Be(3);

        await host.StopAsync();
        host.Dispose();
        clock.Advance(TimeSpan.FromSeconds(3));
        source.Collected.Should().Be(3);
    }

    [Fact]
    public async Task Adding_the_monitor_twice_makes_one()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddMonitoring(options => options.Alerts.MaxActive = 7);
        builder.Services.AddMonitoring(options => options.TaskQueue.Capacity = 7);
        using var host = builder.Build();
        await host.StartAsync();

        host.Services.GetServices<IPerformanceMonitor>().Should().ContainSingle().Which.Alerts.GetNotifiers().Should().ContainSingle().Which.Name.Should().Be("log");
        host.Services.GetServices<IHostedService>().Should().ContainSingle();
        await host.StopAsync();
    }

    [Fact]
    public async Task Disposal_lets_the_last_notices_out_before_the_notifiers_go()
    {
        var clock = new FakeClock();
        var notifier = new Slow();
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(clock).AddSingleton<IMetricSource>(new Counting()).AddSingleton<IAlertNotifier>(_ => notifier).AddMonitoring();
        await using (var provider = services.BuildServiceProvider())
        {
            provider.GetRequiredService<IPerformanceMonitor>();
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        notifier.Told.Should().BeTrue();
        notifier.DisposedBeforeItTold.Should().BeFalse();
    }

    [Fact]
    public void A_provider_may_be_disposed_synchronously()
    {
        var services = new ServiceCollection();
        services.AddMonitoring().AddWebhook("https://example.org/a", Secret);
        var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IPerformanceMonitor>();

        provider.Invoking(p => p.Dispose()).Should().NotThrow();
    }

    private sealed class Counting : IMetricSource
    {
        private int _collected;

        public int Collected => Volatile.Read(ref _collected);

        public void Collect(ICollection<MetricReading> readings, TimeSpan window)
        {
            Interlocked.Increment(ref _collected);
            readings.Add(new MetricReading(MetricNames.Backpressure, 2, "counting"));
        }
    }

    private sealed class Slow : IAlertNotifier, IDisposable
    {
        private bool _disposed;

        public string Name => "slow";

        public bool Told { get; private set; }

        public bool DisposedBeforeItTold { get; private set; }

        public async Task<string?> NotifyAsync(AlertNotice notice, CancellationToken cancellationToken)
        {
            await Task.Delay(50, cancellationToken);
            DisposedBeforeItTold = _disposed;
            Told = true;
            return null;
        }

        public void Dispose() => _disposed = true;
    }
}
