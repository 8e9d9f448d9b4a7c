using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Core.Tests.TaskQueues;
using Monitoring.Redis;
using Monitoring.TaskQueues;
using Monitoring.Telemetry;

namespace Monitoring.Core.Tests.DependencyInjection;

/// <summary>A change of the configuration reaches the running monitor, or is refused in words.</summary>
public sealed class OptionsReloadTests : IAsyncLifetime, ILoggerProvider
{
    private static readonly RedisOperationMetric Slow = new("GET", TimeSpan.FromMilliseconds(50));

    private readonly ConcurrentQueue<(int Event, string Message)> _logged = [];
    private IHost _host = null!;

    private IConfigurationRoot Configuration => (IConfigurationRoot)_host.Services.GetRequiredService<IConfiguration>();

    private IPerformanceMonitor Monitor => _host.Services.GetRequiredService<IPerformanceMonitor>();

    public async Task InitializeAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection();
        builder.Logging.AddProvider(this);
        builder.Services.AddMonitoring(builder.Configuration.GetSection("Monitoring")).AddTaskQueue();
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
    public async Task Workers_come_and_go_with_the_setting()
    {
        await Eventually.HoldsAsync(() => Monitor.GetTaskQueueSummary().Workers == 8);
        Change("Monitoring:TaskQueue:Workers", "3");
        await Eventually.HoldsAsync(() => Monitor.GetTaskQueueSummary().Workers == 3);
        var changing = () => Change("Monitoring:TaskQueue:Workers", "0");

        changing.Should().Throw<AggregateException>();
        _logged.Should().ContainSingle(entry => entry.Event == EventIds.OptionsRefused)
            .Which.Message.Should().Contain("Monitoring:TaskQueue:Workers is 0; allowed: 1 to 1024.");
        Monitor.GetTaskQueueSummary().Workers.Should().Be(3);
    }

    [Fact]
    public async Task A_limit_for_a_type_is_in_effect_for_the_tasks_that_start_from_now_on()
    {
        var queue = _host.Services.GetRequiredService<IBackgroundTaskQueue>();
        var end = new TaskCompletionSource();
        Change("Monitoring:TaskQueue:Types:export:MaxConcurrency", "1");
        for (var i = 0; i < 3; i++)
        {
            await queue.EnqueueAsync(BackgroundTask.Create(async _ => await end.Task, typeName: "export"));
        }

        await queue.EnqueueAsync(BackgroundTask.Create(static _ => ValueTask.CompletedTask));
        await Eventually.HoldsAsync(() => Monitor.GetTaskQueueSummary() is { Completed: 1, BusyWorkers: 1, CurrentDepth: 2 });
        end.SetResult();

        await Eventually.HoldsAsync(() => Monitor.GetTaskQueueSummary().Completed == 4);
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

    private sealed class Listing(ConcurrentQueue<(int Event, string Message)> entries) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            entries.Enqueue((eventId.Id, formatter(state, exception)));
    }
}
