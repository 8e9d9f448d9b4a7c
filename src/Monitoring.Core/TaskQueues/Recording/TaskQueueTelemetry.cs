using System.Diagnostics;
using System.Diagnostics.Metrics;
using Monitoring.Latency;
using Monitoring.Telemetry;

namespace Monitoring.TaskQueues.Recording;

/// <summary>
/// Tells OpenTelemetry of each attempt and each wait; the other instruments are read when somebody collects them. One meter
/// for each monitor. Thread-safe; no member throws. While nobody listens a call costs one read.
/// </summary>
internal sealed class TaskQueueTelemetry : IDisposable
{
    public const string System = "messaging.system";
    public const string Queue = "messaging.destination.name";
    public const string Priority = "monitoring.task_queue.priority";

    private const string Operation = "messaging.operation.name";
    private const string ErrorType = "error.type";
    private const string TaskType = "monitoring.task_queue.task.type";

    // Of different errors as many as are told apart, and the conventions' name for the others.
    private const int ErrorLimit = 64;
    private const string OtherError = "_OTHER";

    // From a task that only adds a number to one that runs for minutes.
    private static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries = [0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900],
    };

    private static readonly string[] PriorityNames = ["high", "normal", "low"];

    private readonly InternalErrors? _errors;
    private readonly bool _ownsMeter;
    private readonly Histogram<double> _attempts;
    private readonly Histogram<double> _waits;
    private readonly SeriesTable<string> _errorTypes = new(ErrorLimit, static name => name == SeriesTable<string>.OverflowName ? OtherError : name);

    /// <param name="errors">Where errors of the monitor itself are counted.</param>
    /// <param name="meterFactory">Makes the meter, and disposes of it, where a container has one.</param>
    public TaskQueueTelemetry(InternalErrors? errors, IMeterFactory? meterFactory)
    {
        _errors = errors;
        _ownsMeter = meterFactory is null;
        var options = new MeterOptions(TaskQueueTelemetryNames.Meter) { Version = typeof(TaskQueueTelemetry).Assembly.GetName().Version?.ToString() };
        Meter = meterFactory?.Create(options) ?? new Meter(options);
        _attempts = Meter.CreateHistogram(TaskQueueTelemetryNames.ProcessDuration, "s", "Duration of attempts at tasks.", null, Buckets);
        _waits = Meter.CreateHistogram(TaskQueueTelemetryNames.WaitDuration, "s", "Time from enqueueing to the start.", null, Buckets);
    }

    /// <summary>Where the other instruments are made.</summary>
    public Meter Meter { get; }

    public static string NameOf(TaskPriority priority) => PriorityNames[(int)priority];

    /// <summary>An attempt ended.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="task">The task.</param>
    /// <param name="elapsed">How long it took.</param>
    /// <param name="error">What it threw, or null.</param>
    public void Attempted(QueueMonitor queue, BackgroundTask task, TimeSpan elapsed, Exception? error = null)
    {
        if (!_attempts.Enabled)
        {
            return;
        }

        try
        {
            var tags = Tags(queue, task);
            tags.Add(Operation, "process");
            tags.Add(TaskType, queue.SeriesOf(task).Type.Name);
            if (error is not null)
            {
                tags.Add(ErrorType, _errorTypes.Get(error.GetType().FullName));
            }

            _attempts.Record(elapsed.TotalSeconds, tags);
        }
        catch (Exception own)
        {
            _errors?.Report("task-queue-telemetry", own);
        }
    }

    /// <summary>A worker took a task.</summary>
    public void Waited(QueueMonitor queue, BackgroundTask task, TimeSpan wait)
    {
        if (!_waits.Enabled)
        {
            return;
        }

        try
        {
            _waits.Record(wait.TotalSeconds, Tags(queue, task));
        }
        catch (Exception own)
        {
            _errors?.Report("task-queue-telemetry", own);
        }
    }

    public void Dispose()
    {
        if (_ownsMeter)
        {
            Meter.Dispose();
        }
    }

    private static TagList Tags(QueueMonitor queue, BackgroundTask task) => new()
    {
        { System, queue.Watched.System },
        { Queue, queue.Name },
        { Priority, NameOf(task.Priority) },
    };
}
