using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Monitoring.Core.Tests.TaskQueues;
using Monitoring.History;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.DependencyInjection;

public sealed class StateAtStartTests
{
    private readonly FakeClock _clock = new();
    private readonly Slow _slow = new();

    [Fact]
    public async Task Alerts_of_an_earlier_process_are_there_when_the_host_has_started()
    {
        var store = new InMemoryStateStore();
        string id;
        await using (var first = Build(store))
        {
            await StartAsync(first);
            _clock.Advance(TimeSpan.FromSeconds(1));
            id = first.GetRequiredService<IPerformanceMonitor>().GetActiveAlerts().Should().ContainSingle().Subject.Id;
        }

        await using var second = Build(store);
        await StartAsync(second);
        second.GetRequiredService<IPerformanceMonitor>().GetActiveAlerts().Should().ContainSingle().Which.Id.Should().Be(id);
    }

    [Fact]
    public async Task A_host_starts_although_the_store_is_away()
    {
        await using var provider = Build(new AbsentStore());
        var started = StartAsync(provider);
        started.IsCompleted.Should().BeFalse("it waits a little for what was stored");

        await Eventually.HoldsAsync(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return started.IsCompleted;
        });

        await started;
        await Eventually.HoldsAsync(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return provider.GetRequiredService<IPerformanceMonitor>().GetActiveAlerts().Count == 1;
        });
    }

    private static Task StartAsync(ServiceProvider provider) => provider.GetServices<IHostedService>().Should().ContainSingle().Subject.StartAsync(default);

    private ServiceProvider Build(IStateStore store)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_clock).AddSingleton<IMetricSource>(_slow).AddSingleton(store).AddMonitoring(static options => options.System.Enabled = false);
        return services.BuildServiceProvider();
    }

    private sealed class Slow : IMetricSource
    {
        public void Collect(ICollection<MetricReading> readings, TimeSpan window) => readings.Add(new MetricReading(MetricNames.RedisOperationLatency, 300, "GET", Count: 100));
    }

    private sealed class AbsentStore : IStateStore
    {
        public ValueTask<IReadOnlyList<StateDocument>> ReadAsync(string kind, CancellationToken cancellationToken) => throw new IOException("The store is away.");

        public ValueTask WriteAsync(IReadOnlyList<StateDocument> documents, CancellationToken cancellationToken) => throw new IOException("The store is away.");
    }
}
