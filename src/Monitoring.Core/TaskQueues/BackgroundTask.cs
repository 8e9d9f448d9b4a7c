using Microsoft.Extensions.DependencyInjection;
using Monitoring.TaskQueues.Recording;

namespace Monitoring.TaskQueues;

/// <summary>
/// One piece of background work: a delegate, or a message for the handler registered for its type. A task object belongs
/// to its creator until it is enqueued, then to the queue, then to the worker that took it; it is never shared.
/// </summary>
public abstract class BackgroundTask
{
    internal const int LongestDeduplicationKey = 256;
    internal static readonly TimeSpan MaximumDelay = TimeSpan.FromDays(365);

    // One goes through memory for every task, from one processor to another: what most tasks do not have is kept elsewhere,
    // and the rest is packed, so that a task is not much more than a cache line.
    private readonly long _timeoutTicks;
    private readonly byte _priority;
    private TaskLifecycle _lifecycle;
    private Rarities? _rarities;

    private protected BackgroundTask(string typeName, TaskPriority priority, TimeSpan? timeout)
    {
        if (priority is < TaskPriority.High or > TaskPriority.Low)
        {
            throw new ArgumentOutOfRangeException(nameof(priority), priority, "A priority is High, Normal or Low.");
        }

        if (timeout is { } limit)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero, nameof(timeout));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, TaskProcessorOptions.MaximumTimeout, nameof(timeout));
        }

        TypeName = typeName;
        _priority = (byte)priority;
        _timeoutTicks = timeout?.Ticks ?? 0;
    }

    /// <summary>Identity, the same on every attempt; made when first asked for. Safe to read from any thread.</summary>
    public string Id
    {
        get
        {
            var rarities = GetRarities();
            return Volatile.Read(ref rarities.Id) ?? Interlocked.CompareExchange(ref rarities.Id, Guid.NewGuid().ToString("N"), null) ?? rarities.Id;
        }

        // Of a task that comes from elsewhere; set before anybody else sees it.
        internal init => GetRarities().Id = value;
    }

    /// <summary>Name under which the task is counted. Of few different values: beyond a cap they are counted together.</summary>
    public string TypeName { get; }

    /// <summary>How urgent it is.</summary>
    public TaskPriority Priority => (TaskPriority)_priority;

    /// <summary>How long one attempt may take, above zero and up to a day; null for <see cref="TaskProcessorOptions.TaskTimeout"/>.</summary>
    public TimeSpan? Timeout => _timeoutTicks == 0 ? null : new TimeSpan(_timeoutTicks);

    /// <summary>
    /// While a task with this key waits or runs, another one with it is a duplicate: its queue does not take it. Up to 256
    /// characters; null, the default, for none. Set it before the task is enqueued.
    /// </summary>
    /// <exception cref="ArgumentException">The key is empty or too long.</exception>
    /// <exception cref="InvalidOperationException">The task was enqueued already.</exception>
    public string? DeduplicationKey
    {
        get => _rarities?.DeduplicationKey;
        set
        {
            if (value is { Length: 0 or > LongestDeduplicationKey })
            {
                throw new ArgumentException($"A deduplication key has 1 to {LongestDeduplicationKey} characters; this one has {value.Length}.", nameof(value));
            }

            ThrowUnlessNew();
            if (value is not null || _rarities is not null)
            {
                GetRarities().DeduplicationKey = value;
            }
        }
    }

    /// <summary>
    /// How long after it was enqueued it may be taken at the earliest. 0, the default, to 365 days. Set it before the task is
    /// enqueued.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The delay is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The task was enqueued already.</exception>
    public TimeSpan Delay
    {
        get => _rarities?.Delay ?? TimeSpan.Zero;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaximumDelay);
            ThrowUnlessNew();
            SetDelay(value);
        }
    }

    /// <summary>How often it has been started.</summary>
    public int Attempt { get; internal set; }

    /// <summary>How often it has been given to a worker, as far as its queue counts that; redelivery after a worker's death included.</summary>
    internal int DeliveryCount { get; set; } = 1;

    /// <summary>When it was handed to a monitored queue, as a timestamp of the monitor's time provider; 0 before that.</summary>
    public long EnqueuedTimestamp { get; internal set; }

    /// <summary>Where it is counted, when the queue is monitored.</summary>
    internal TaskSeries? Recorder { get; set; }

    internal TaskLifecycle Lifecycle
    {
        get => _lifecycle;
        set => _lifecycle = value;
    }

    /// <summary>The queue that holds its <see cref="DeduplicationKey"/>; null when it has none.</summary>
    internal BoundedTaskQueue? KeyHolder
    {
        get => _rarities?.KeyHolder;
        set => GetRarities().KeyHolder = value;
    }

    /// <summary>Whether it was never enqueued, and has neither a key nor a delay.</summary>
    internal bool IsPlainAndNew => _lifecycle == TaskLifecycle.New && (_rarities is null || (_rarities.DeduplicationKey is null && _rarities.Delay == TimeSpan.Zero));

    /// <summary>The service that handles it, when it carries a message.</summary>
    internal virtual Type? HandlerType => null;

    /// <summary>The type of the message it carries, if any.</summary>
    internal virtual Type? MessageType => null;

    /// <summary>The message it carries, if any.</summary>
    internal virtual object? Message => null;

    /// <summary>A task that runs a delegate.</summary>
    /// <param name="work">The work. Its token is cancelled on timeout and at shutdown, and valid until the work ends.</param>
    /// <param name="priority">How urgent it is.</param>
    /// <param name="typeName">Name under which it is counted; <c>delegate</c> by default.</param>
    /// <param name="timeout">How long one attempt may take, above zero and up to a day; null for the processor's setting.</param>
    public static BackgroundTask Create(
        Func<CancellationToken, ValueTask> work, TaskPriority priority = TaskPriority.Normal, string? typeName = null, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(work);
        return new DelegateTask(work, typeName ?? DelegateTask.DefaultTypeName, priority, timeout);
    }

    /// <summary>A task that runs a delegate with services from a scope of its own, disposed when the attempt ends.</summary>
    /// <inheritdoc cref="Create(Func{CancellationToken, ValueTask}, TaskPriority, string?, TimeSpan?)"/>
    public static BackgroundTask Create(
        Func<IServiceProvider, CancellationToken, ValueTask> work, TaskPriority priority = TaskPriority.Normal, string? typeName = null, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(work);
        return new ScopedDelegateTask(work, typeName ?? DelegateTask.DefaultTypeName, priority, timeout);
    }

    /// <summary>A task that carries a message to the <see cref="ITaskHandler{TMessage}"/> registered for it.</summary>
    /// <param name="message">The message.</param>
    /// <param name="priority">How urgent it is.</param>
    /// <param name="timeout">How long one attempt may take, above zero and up to a day; null for the processor's setting.</param>
    public static BackgroundTask ForMessage<TMessage>(TMessage message, TaskPriority priority = TaskPriority.Normal, TimeSpan? timeout = null)
        where TMessage : notnull
    {
        ArgumentNullException.ThrowIfNull(message);
        return new MessageTask<TMessage>(message, priority, timeout);
    }

    /// <summary>
    /// Runs one attempt, for loops other than <see cref="TaskProcessor"/>: without timeout or retry, measured when the
    /// task came from a monitored queue. What the work throws comes out.
    /// </summary>
    /// <param name="services">Where scopes and handlers come from.</param>
    /// <param name="cancellationToken">Handed to the work.</param>
    public ValueTask ExecuteAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(services);
        Attempt++;
        Lifecycle = TaskLifecycle.Finished;
        var scopes = services.GetRequiredService<IServiceScopeFactory>();
        return KeyHolder is null ? ExecuteOnceAsync(scopes, cancellationToken) : ExecuteAndReleaseAsync(scopes, cancellationToken);
    }

    /// <summary>Makes a task that was given up one that can be enqueued, or takes that back. Only its owner may.</summary>
    internal void Renew(int attempts, TimeSpan delay, TaskLifecycle lifecycle)
    {
        Attempt = attempts;
        SetDelay(delay);
        Lifecycle = lifecycle;
    }

    internal abstract ValueTask InvokeAsync(IServiceScopeFactory scopes, int maxAttempts, CancellationToken cancellationToken);

    private ValueTask ExecuteOnceAsync(IServiceScopeFactory scopes, CancellationToken cancellationToken) =>
        Recorder is { } recorder
            ? recorder.Type.Queue.MeasureAsync(this, scopes, cancellationToken)
            : InvokeAsync(scopes, maxAttempts: 1, cancellationToken);

    private async ValueTask ExecuteAndReleaseAsync(IServiceScopeFactory scopes, CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteOnceAsync(scopes, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            KeyHolder!.ReleaseKey(this);
        }
    }

    private Rarities GetRarities() =>
        Volatile.Read(ref _rarities) ?? Interlocked.CompareExchange(ref _rarities, new Rarities(), null) ?? _rarities;

    private void SetDelay(TimeSpan delay)
    {
        if (delay > TimeSpan.Zero || _rarities is not null)
        {
            GetRarities().Delay = delay;
        }
    }

    private void ThrowUnlessNew()
    {
        if (Lifecycle != TaskLifecycle.New)
        {
            throw new InvalidOperationException($"Task {Id} ({TypeName}) was enqueued already; what it is can be changed only before that.");
        }
    }

    private sealed class Rarities
    {
        public string? Id;

        public string? DeduplicationKey { get; set; }

        public TimeSpan Delay { get; set; }

        public BoundedTaskQueue? KeyHolder { get; set; }
    }
}
