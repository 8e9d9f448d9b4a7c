using System.Diagnostics.Metrics;
using Monitoring.Backpressure;
using Monitoring.Latency;
using Monitoring.TaskQueues.Recording;
using Monitoring.Telemetry;

namespace Monitoring.TaskQueues;

/// <summary>
/// What is known of the background queues, each by its name and all together: depth, waits, processing, workers. At most 50
/// queues; what is beyond counts as <c>OTHER</c>. Thread-safe.
/// </summary>
public sealed class TaskQueueMonitor : IMetricSource, IDisposable
{
    /// <summary>Name of the in-process queue, and of any queue that was given none.</summary>
    public const string DefaultQueue = "tasks";

    private const int QueueLimit = 50;

    private static readonly TimeSpan DefaultWindow = TimeSpan.FromHours(1);

    private readonly SeriesTable<QueueMonitor> _queues;
    private readonly TaskQueueTelemetry _telemetry;

    // Replaced as a whole by whoever reloads, read by the loop and by requests.
    private BackpressureOptions _backpressure;

    /// <summary>Creates the monitor of one process's background work.</summary>
    /// <param name="clock">Closes the slices of everything recorded here.</param>
    /// <param name="backpressure">Thresholds of backpressure.</param>
    /// <param name="errors">Gets what a watched queue throws when it is asked for its depth.</param>
    /// <param name="meterFactory">Makes the meter, where a container has one.</param>
    public TaskQueueMonitor(SliceClock clock, BackpressureOptions backpressure, InternalErrors? errors = null, IMeterFactory? meterFactory = null)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(backpressure);
        _backpressure = backpressure;
        Admission = new QueueAdmission(this, errors);
        _telemetry = new TaskQueueTelemetry(errors, meterFactory);
        _queues = new SeriesTable<QueueMonitor>(QueueLimit, name => new QueueMonitor(name, clock, () => Volatile.Read(ref _backpressure), errors, _telemetry) { SlowLog = SlowLog });
        TaskQueueInstruments.Create(_telemetry.Meter, () => _queues.All.Where(static queue => queue.Watched.System is not null), errors);
    }

    /// <summary>Whether new work should be taken on.</summary>
    public IAdmission Admission { get; }

    /// <summary>Names of the queues that are watched now, in order.</summary>
    public IReadOnlyList<string> QueueNames =>
        [.. _queues.All.Where(static queue => queue.Watched.System is not null).Select(static queue => queue.Name).Order(StringComparer.Ordinal)];

    /// <summary>The queues of this process that can be paused and whose dead letters can be re-driven, by name.</summary>
    public IReadOnlyList<IManagedTaskQueue> ManagedQueues =>
        [.. _queues.All.SelectMany(static queue => queue.Watched.Managed).OrderBy(static queue => queue.Name, StringComparer.Ordinal)];

    /// <summary>Where slow attempts are logged; null for nowhere.</summary>
    internal SlowOperationLog? SlowLog { get; init; }

    /// <summary>What OpenTelemetry listens to.</summary>
    internal Meter Meter => _telemetry.Meter;

    /// <summary>The thresholds that are judged by.</summary>
    internal BackpressureOptions Thresholds => Volatile.Read(ref _backpressure);

    /// <summary>Judges by other thresholds from the next second on. What holds clears by the new ones.</summary>
    internal void Reload(BackpressureOptions backpressure) => Volatile.Write(ref _backpressure, backpressure);

    /// <summary>What each queue that is watched counted since the start, by name.</summary>
    internal IReadOnlyList<KeyValuePair<string, QueueTotals>> GetTotals() =>
    [
        .. _queues.All.Where(static queue => queue.Watched.System is not null).OrderBy(static queue => queue.Name, StringComparer.Ordinal)
            .Select(static queue => KeyValuePair.Create(queue.Name, queue.GetTotals())),
    ];

    /// <summary>How many tasks fit into the smallest queue that is watched and has a bound; null without one.</summary>
    internal int? LeastCapacity => _queues.All.Select(static queue => queue.Watched.Read()).Where(static state => state is { IsWatching: true, Capacity: > 0 }).Min(static state => (int?)state.Capacity);

    /// <summary>Everything of each queue within a window that is watched or has done something, by name.</summary>
    internal QueueSnapshot[] Read(TimeSpan window) =>
        [.. _queues.All.Select(queue => queue.GetSnapshot(window)).OfType<QueueSnapshot>().OrderBy(static queue => queue.Name, StringComparer.Ordinal)];

    /// <summary>The recorder of a queue that is known; null for another.</summary>
    internal QueueMonitor? FindQueue(string name) => _queues.Find(name);

    /// <summary>The recorder of one queue; made when it is asked for first.</summary>
    internal QueueMonitor Queue(string name) => _queues.Get(name);

    /// <summary>
    /// Records a measurement of a queue that is not ours: its depth and workers join those of the queues in this process
    /// until the next measurement of that name, for two minutes at most.
    /// </summary>
    /// <param name="metrics">The measurement; negative numbers in it are taken as they are.</param>
    public void Record(TaskQueueMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        Queue(metrics.Queue).Record(metrics);
    }

    /// <summary>Everything known about the last <paramref name="window"/>; an hour by default.</summary>
    /// <param name="window">To the second up to a minute, to the minute beyond; an hour at most.</param>
    public TaskQueueSummary GetSummary(TimeSpan? window = null)
    {
        var span = window ?? DefaultWindow;
        var queues = Read(span);
        return QueueSummaries.Of(span, queues) with
        {
            Queues = Array.ConvertAll(queues, queue => QueueSummaries.Of(span, [queue]) with { Name = queue.Name, System = queue.State.System }),
        };
    }

    /// <summary>Integrates utilisation and feeds the backpressure detectors; called by the monitor's loop about once a second.</summary>
    public void Tick()
    {
        foreach (var queue in _queues.All)
        {
            queue.Tick();
        }
    }

    /// <inheritdoc/>
    public void Collect(ICollection<MetricReading> readings, TimeSpan window)
    {
        ArgumentNullException.ThrowIfNull(readings);
        foreach (var queue in _queues.All)
        {
            queue.Collect(readings, window);
        }
    }

    /// <summary>Ends the meter. What was recorded can still be read.</summary>
    public void Dispose() => _telemetry.Dispose();
}
