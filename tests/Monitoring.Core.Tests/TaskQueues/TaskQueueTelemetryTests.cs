using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.TaskQueues;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.TaskQueues;

/// <summary>What a listener on the meter hears.</summary>
public sealed class TaskQueueTelemetryTests : IDisposable
{
    private readonly FakeClock _clock = new();
    private readonly PerformanceMonitor _monitor;
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();
    private readonly List<(string Name, double Value, string Tags)> _heard = [];

    public TaskQueueTelemetryTests()
    {
        // A timestamp of zero means "not yet".
        _clock.Advance(TimeSpan.FromSeconds(1));
        _monitor = PerformanceMonitor.Create(timeProvider: _clock);
    }

    public void Dispose()
    {
        _monitor.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task Attempts_and_waits_are_recorded_as_they_end()
    {
        var queue = Queue("orders", 10);
        await queue.EnqueueAsync(Task("charge", TaskPriority.High, 2));
        await queue.EnqueueAsync(Task("mail", TaskPriority.Low, 1, new IOException("no")));
        using var listener = Listen();
        _clock.Advance(TimeSpan.FromSeconds(3));

        await RunAsync(queue);
        await RunAsync(queue);

        _heard.Should().BeEquivalentTo(new[]
        {
            (TaskQueueTelemetryNames.WaitDuration, 3.0, "messaging.system=in-process messaging.destination.name=orders monitoring.task_queue.priority=high"),
            (TaskQueueTelemetryNames.ProcessDuration, 2.0, "messaging.system=in-process messaging.destination.name=orders monitoring.task_queue.priority=high messaging.operation.name=process monitoring.task_queue.task.type=charge"),
            (TaskQueueTelemetryNames.WaitDuration, 5.0, "messaging.system=in-process messaging.destination.name=orders monitoring.task_queue.priority=low"),
            (TaskQueueTelemetryNames.ProcessDuration, 1.0, "messaging.system=in-process messaging.destination.name=orders monitoring.task_queue.priority=low messaging.operation.name=process monitoring.task_queue.task.type=mail error.type=System.IO.IOException"),
        });
    }

    [Fact]
    public async Task The_others_are_read_by_queue_and_priority()
    {
        var orders = Queue("orders", 2);
        await orders.EnqueueAsync(Task("charge", TaskPriority.High, 1));
        await orders.EnqueueAsync(Task("charge", TaskPriority.Normal, 1));
        orders.TryEnqueue(Task("charge", TaskPriority.Low, 1)).Should().BeFalse();
        await RunAsync(orders);
        _monitor.TaskQueue.Record(new TaskQueueMetrics { Queue = "mail", System = "bullmq", Depth = 7, Delayed = 3, DeadLetters = 2, OldestTaskAge = TimeSpan.FromSeconds(9), IsPaused = true });
        _clock.Advance(TimeSpan.FromSeconds(4));

        using var listener = Listen();
        listener.RecordObservableInstruments();

        Heard(TaskQueueTelemetryNames.Enqueued, "orders", "high").Should().Be(1);
        Heard(TaskQueueTelemetryNames.Completed, "orders", "high").Should().Be(1);
        Heard(TaskQueueTelemetryNames.Completed, "orders", "normal").Should().Be(0);
        Heard(TaskQueueTelemetryNames.Refused, "orders", "low", "full").Should().Be(1);
        Heard(TaskQueueTelemetryNames.Refused, "orders", "low", "duplicate").Should().Be(0);
        Heard(TaskQueueTelemetryNames.Depth, "orders", "normal").Should().Be(1);
        Heard(TaskQueueTelemetryNames.OldestAge, "orders").Should().Be(5);
        Heard(TaskQueueTelemetryNames.Capacity, "orders").Should().Be(2);
        Heard(TaskQueueTelemetryNames.Workers, "orders", "idle").Should().Be(4);
        Heard(TaskQueueTelemetryNames.Depth, "mail", "bullmq", "normal").Should().Be(7);
        Heard(TaskQueueTelemetryNames.Delayed, "mail").Should().Be(3);
        Heard(TaskQueueTelemetryNames.DeadLetters, "mail").Should().Be(2);
        Heard(TaskQueueTelemetryNames.OldestAge, "mail").Should().Be(9);
        Heard(TaskQueueTelemetryNames.Paused, "mail").Should().Be(1);
        _heard.Should().NotContain(measurement => measurement.Name == TaskQueueTelemetryNames.Capacity && measurement.Tags.Contains("mail"));
    }

    private double Heard(string name, params string[] tags) =>
        _heard.Should().ContainSingle(measurement => measurement.Name == name && tags.All(tag => measurement.Tags.Contains($"={tag}")), "{0} {1}", name, string.Join(' ', tags)).Which.Value;

    private IBackgroundTaskQueue Queue(string name, int capacity) =>
        new BoundedTaskQueue(new TaskQueueOptions { Capacity = capacity }, _clock).WithMonitoring(_monitor, workers: 4, name: name);

    private BackgroundTask Task(string type, TaskPriority priority, double seconds, Exception? error = null) => BackgroundTask.Create(
        _ =>
        {
            _clock.Advance(TimeSpan.FromSeconds(seconds));
            return error is null ? ValueTask.CompletedTask : throw error;
        },
        priority,
        type);

    private async Task RunAsync(IBackgroundTaskQueue queue)
    {
        var task = await queue.DequeueAsync(default);
        try
        {
            await task.ExecuteAsync(_services, default);
        }
        catch (IOException)
        {
            // Counted, and the loop's to handle.
        }
    }

    private MeterListener Listen()
    {
        // Meters of monitors in other tests have the same name: this one's is known by the instruments' meter.
        var meter = _monitor.TaskQueue.Meter;
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter == meter)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => _heard.Add((instrument.Name, value, Text(tags))));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => _heard.Add((instrument.Name, value, Text(tags))));
        listener.Start();
        return listener;
    }

    private static string Text(ReadOnlySpan<KeyValuePair<string, object?>> tags) => string.Join(' ', tags.ToArray().Select(static tag => $"{tag.Key}={tag.Value}"));
}
