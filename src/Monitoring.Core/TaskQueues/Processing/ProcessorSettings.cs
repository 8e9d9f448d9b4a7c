using System.Collections.Frozen;

namespace Monitoring.TaskQueues.Processing;

/// <summary>What the workers go by at the moment: a copy of the options, which anybody may change. Immutable.</summary>
internal sealed class ProcessorSettings(TaskProcessorOptions options)
{
    private readonly FrozenDictionary<string, TimeSpan> _timeouts = options.Types
        .Where(static type => type.Value.Timeout is not null)
        .ToFrozenDictionary(static type => type.Key, static type => type.Value.Timeout!.Value, StringComparer.Ordinal);

    public int Workers { get; } = options.Workers;

    public TimeSpan TaskTimeout { get; } = options.TaskTimeout;

    public int MaxAttempts { get; } = options.MaxAttempts;

    public RetryBackoff Backoff { get; } = new(options.RetryBaseDelay, options.RetryMaxDelay, Random.Shared.NextDouble);

    public TimeSpan StuckAfter { get; } = options.StuckAfter;

    public int MaxStuckTasks { get; } = options.MaxStuckTasks;

    public bool CaptureStackTraces { get; } = options.CaptureStackTraces;

    /// <summary>How many tasks of a type may run at the same time; a type that is not here has no limit.</summary>
    public FrozenDictionary<string, int> Limits { get; } = options.Types
        .Where(static type => type.Value.MaxConcurrency is not null)
        .ToFrozenDictionary(static type => type.Key, static type => type.Value.MaxConcurrency!.Value, StringComparer.Ordinal);

    /// <summary>How long an attempt may take: the task's own limit, or else its type's, or else the setting for all.</summary>
    public TimeSpan GetTimeout(BackgroundTask task) =>
        task.Timeout ?? (_timeouts.Count > 0 && _timeouts.TryGetValue(task.TypeName, out var timeout) ? timeout : TaskTimeout);
}

/// <summary>Where the workers look up their settings, so that all of them see a change with their next task. Thread-safe.</summary>
internal sealed class LiveSettings(ProcessorSettings settings)
{
    private ProcessorSettings _current = settings;

    public ProcessorSettings Current
    {
        get => Volatile.Read(ref _current);
        set => Volatile.Write(ref _current, value);
    }
}
