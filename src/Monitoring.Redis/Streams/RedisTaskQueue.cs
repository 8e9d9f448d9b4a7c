using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.TaskQueues;
using Monitoring.TaskQueues.Recording;
using Monitoring.Telemetry;
using StackExchange.Redis;

namespace Monitoring.Redis.Streams;

/// <summary>
/// A queue on Redis Streams for any number of processes: what it accepted is run at least once, whatever process dies
/// (<see cref="TaskContext.Id"/> tells a handler that it has seen a task). It carries messages, not delegates. Redis 7.0 or
/// newer. Have a <see cref="TaskProcessor"/> take from it: tasks that are not settled are delivered again. Thread-safe.
/// </summary>
/// <remarks>
/// A task is in exactly one place at any time: in a stream, among the delayed, or a dead letter; each step between them is
/// one script. Nothing but dead letters is ever trimmed.
/// </remarks>
public sealed class RedisTaskQueue : IBackgroundTaskQueue, IManagedTaskQueue, ISettlingTaskQueue, IRemoteTaskQueue, IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LeavePoll = TimeSpan.FromMilliseconds(50);

    private readonly TimeProvider _timeProvider;
    private readonly RedisTaskQueueOptions _options;
    private readonly MessageContracts _messages;
    private readonly IConnectionMultiplexer _connection;
    private readonly InternalErrors _errors;
    private readonly HeldTasks _held = new();
    private readonly StreamStore _store;
    private readonly Settlements _settlements;
    private readonly TaskReader _reader;
    private readonly StreamUpkeep _upkeep;
    private readonly PlaceWait _places;
    private readonly StreamDeadLetters _letters;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();

    // Guarded by the lock; a loop is started when it is first needed.
    private readonly List<Task> _loops = [];
    private bool _watching;
    private bool _reading;
    private bool _stopped;

    // What a message or the last answer of the server said, whichever came later.
    private volatile bool _paused;

    /// <summary>Creates the queue; it connects, and asks the server, when it is first used.</summary>
    /// <param name="name">Its name, 1 to 64 letters, digits, dots, dashes and underscores; part of its keys.</param>
    /// <param name="connection">The connection, monitored or not. It stays its owner's.</param>
    /// <param name="options">Messages, capacity, times; read once.</param>
    /// <param name="timeProvider">The system's by default. Give it the monitor's.</param>
    /// <param name="logger">Gets what goes wrong with Redis, and tasks that were given up.</param>
    /// <exception cref="ArgumentException">The name or an option is out of its range.</exception>
    public RedisTaskQueue(
        string name, IConnectionMultiplexer connection, RedisTaskQueueOptions options, TimeProvider? timeProvider = null, ILogger<RedisTaskQueue>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(options);
        ThrowIfInvalid(name, options);
        Name = name;
        _connection = connection;
        _options = options;
        _messages = options.Messages.Copy();
        _timeProvider = timeProvider ?? TimeProvider.System;
        var log = (ILogger?)logger ?? NullLogger.Instance;
        _errors = new InternalErrors(log, _timeProvider);
        Capacity = options.Capacity;
        Group = options.Group ?? "monitoring";
        Consumer = options.Consumer ?? string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}:{Environment.ProcessId}:{Guid.NewGuid().ToString("N")[..8]}");
        var keys = new StreamKeys(options.KeyPrefix ?? $"tasks:{{{name}}}");
        _store = new StreamStore(connection.GetDatabase(options.Database), keys, options, Group, Consumer);
        _settlements = new Settlements(_held, _timeProvider, _errors);
        _reader = new TaskReader(_store, _held, _settlements, _messages, options, name, _timeProvider, log, _errors);
        _upkeep = new StreamUpkeep(_store, _held, connection, options, name, Group, _timeProvider, log, _errors);
        _places = new PlaceWait(options.PollInterval, _timeProvider);
        _letters = new StreamDeadLetters(_store);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Tasks that it holds at most, on all nodes together.</summary>
    public int Capacity { get; }

    /// <summary>The consumer group.</summary>
    public string Group { get; }

    /// <summary>Name of this process in the group.</summary>
    public string Consumer { get; }

    /// <summary>Whether it hands out nothing, on any node. Up to a second old.</summary>
    public bool IsPaused
    {
        get
        {
            Watch();
            return _paused;
        }
    }

    /// <inheritdoc/>
    string IRemoteTaskQueue.System => "redis-streams";

    /// <inheritdoc/>
    RemoteActivity IRemoteTaskQueue.Elsewhere => new(_upkeep.State.WorkersElsewhere, _upkeep.State.PendingElsewhere);

    /// <inheritdoc/>
    QueueMonitor? IRemoteTaskQueue.Monitor
    {
        set => _reader.Monitor = value;
    }

    /// <summary>What the server said last.</summary>
    internal StreamState State => _upkeep.State;

    internal StreamStore Store => _store;

    /// <summary>Tasks that this process has been given and has not settled with the server.</summary>
    internal int HeldCount => _held.Count;

    /// <summary>Callers in this process that wait for a place.</summary>
    internal int WaitingForPlace => _places.Waiting;

    /// <summary>
    /// Adds a task; waits for a place, or throws, when the queue is full, as it is configured. When Redis does not answer,
    /// the exception of the client comes out and the task may or may not be there: enqueue the same object again, with a
    /// deduplication key where once matters.
    /// </summary>
    /// <inheritdoc cref="IBackgroundTaskQueue.EnqueueAsync" path="/param"/>
    /// <returns>What became of it; a duplicate was not accepted.</returns>
    /// <exception cref="ArgumentException">The message is longer than <see cref="RedisTaskQueueOptions.MaxPayloadBytes"/>.</exception>
    /// <exception cref="TaskQueueFullException">The queue is full and rejects.</exception>
    /// <exception cref="TaskQueueStoppedException">The queue has been disposed.</exception>
    /// <exception cref="InvalidOperationException">The task was enqueued before, is a delegate, or its message has no name here.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the task was accepted.</exception>
    /// <exception cref="RedisException">Redis did not accept it, or did not say so.</exception>
    public async ValueTask<EnqueueOutcome> EnqueueAsync(BackgroundTask task, CancellationToken cancellationToken = default)
    {
        var fields = ToFields(task);
        cancellationToken.ThrowIfCancellationRequested();
        var result = await _places.EnqueueAsync(
            () => _store.EnqueueAsync(task, fields), wait: _options.FullMode == TaskQueueFullMode.Wait, cancellationToken, _stopping.Token).ConfigureAwait(false);
        return result switch
        {
            0 => Accept(task),
            < 0 => EnqueueOutcome.Duplicate,
            _ => throw new TaskQueueFullException((int)result, Capacity),
        };
    }

    /// <summary>
    /// Adds a task if there is a place for it now. Blocks the calling thread for one round trip to Redis: prefer
    /// <see cref="EnqueueAsync"/>.
    /// </summary>
    /// <inheritdoc cref="IBackgroundTaskQueue.TryEnqueue"/>
    /// <exception cref="ArgumentException">The message is longer than <see cref="RedisTaskQueueOptions.MaxPayloadBytes"/>.</exception>
    /// <exception cref="RedisException">Redis did not accept it, or did not say so.</exception>
    public bool TryEnqueue(BackgroundTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (_stopping.IsCancellationRequested)
        {
            return false;
        }

        var accepted = _store.Enqueue(task, ToFields(task)) == 0;
        if (accepted)
        {
            Accept(task);
        }

        return accepted;
    }

    /// <inheritdoc/>
    public ValueTask<BackgroundTask> DequeueAsync(CancellationToken cancellationToken)
    {
        Watch(reading: true);
        return new ValueTask<BackgroundTask>(_reader.Waiters.WaitAsync(cancellationToken));
    }

    /// <summary>Tasks waiting on the server, as it said within the last second; older while it does not answer.</summary>
    public TaskQueueDepth GetDepth()
    {
        Watch();
        var state = _upkeep.State;
        return state.At == 0 ? default : state.DepthAt(_timeProvider.GetElapsedTime(state.At));
    }

    /// <inheritdoc/>
    public ValueTask PauseAsync(CancellationToken cancellationToken = default) => SetPausedAsync(true, cancellationToken);

    /// <inheritdoc/>
    public ValueTask ResumeAsync(CancellationToken cancellationToken = default) => SetPausedAsync(false, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DeadLetter>> GetDeadLettersAsync(int count = 100, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 10_000);
        return await _letters.ListAsync(count, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<int> RedriveAsync(string? id = null, CancellationToken cancellationToken = default) =>
        await _letters.RedriveAsync(id, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    ValueTask ISettlingTaskQueue.CompleteAsync(BackgroundTask task) => SettleAsync(task, _store.CompleteAsync);

    /// <inheritdoc/>
    async ValueTask<bool> ISettlingTaskQueue.TryRetryAsync(BackgroundTask task, TimeSpan delay)
    {
        var attempts = task.Attempt;
        await SettleAsync(task, held => _store.ReturnAsync(held, delay, attempts)).ConfigureAwait(false);
        return true;
    }

    /// <inheritdoc/>
    ValueTask ISettlingTaskQueue.DeadLetterAsync(BackgroundTask task, DeadLetter letter) =>
        SettleAsync(task, held => _store.BuryAsync(held, DeadLetterFields.Of(letter, held)));

    /// <inheritdoc/>
    async ValueTask<bool> ISettlingTaskQueue.TryReturnAsync(BackgroundTask task)
    {
        await SettleAsync(task, GiveBackAsync).ConfigureAwait(false);
        return true;
    }

    /// <summary>
    /// Takes and accepts nothing more, tells the server what it does not know yet, and leaves the group, all that within some
    /// seconds. A processor that was stopped before has given back what it had; what still runs in spite of that is delivered
    /// again after <see cref="RedisTaskQueueOptions.ClaimIdleTime"/>, not while it runs here.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        var loops = Stop();
        if (loops is null)
        {
            return;
        }

        await Task.WhenAll(loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await LeaveAsync().WaitAsync(LeavePatience, _timeProvider).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _errors.Report("redis-task-queue.leave", exception);
        }

        _settlements.Dispose();
    }

    /// <summary>Stops at once: what the server was not told yet is delivered again later. Prefer <see cref="DisposeAsync"/>.</summary>
    public void Dispose()
    {
        if (Stop() is not null)
        {
            _settlements.Dispose();
        }
    }

    /// <summary>Says what is wrong with a name or options.</summary>
    internal static void ThrowIfInvalid(string name, RedisTaskQueueOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > 64 || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
        {
            throw new ArgumentException($"'{name}' is no name for a queue; allowed: 1 to 64 letters, digits, dots, dashes and underscores.", nameof(name));
        }

        options.ThrowIfInvalid($"RedisTaskQueue:{name}");
    }

    private static EnqueueOutcome Accept(BackgroundTask task)
    {
        task.Lifecycle = TaskLifecycle.Accepted;
        return EnqueueOutcome.Accepted;
    }

    private RedisValue[] ToFields(BackgroundTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (_stopping.IsCancellationRequested)
        {
            throw new TaskQueueStoppedException();
        }

        if (task.Lifecycle != TaskLifecycle.New)
        {
            throw new InvalidOperationException($"Task {task.Id} ({task.TypeName}) was enqueued before; a task object is good for one time.");
        }

        if (task.Message is not { } message || task.MessageType is not { } type)
        {
            throw new InvalidOperationException(
                $"Queue '{Name}' is on Redis and carries messages only; a delegate ({task.TypeName}) cannot leave its process. Use BackgroundTask.ForMessage, or the in-process queue.");
        }

        if (!_messages.TryFind(type, out var contract))
        {
            throw new InvalidOperationException($"Queue '{Name}' has no name for the message {type}; give it one with AddMessage<{type.Name}>(\"…\").");
        }

        var payload = contract.Serialize(message);
        return payload.Length <= _options.MaxPayloadBytes
            ? TaskEntry.ToFields(contract, payload, task)
            : throw new ArgumentException(
                $"The message '{contract.Name}' has {payload.Length} bytes; queue '{Name}' takes up to {_options.MaxPayloadBytes} (MaxPayloadBytes).", nameof(task));
    }

    private async ValueTask SetPausedAsync(bool paused, CancellationToken cancellationToken)
    {
        await _store.SetPausedAsync(paused).WaitAsync(cancellationToken).ConfigureAwait(false);
        _paused = paused;
    }

    private ValueTask SettleAsync(BackgroundTask task, Func<HeldTask, Task> settle) =>
        _held.TryTake(task, out var held) ? _settlements.SettleAsync(held, settle) : default;

    private Task GiveBackAsync(HeldTask held) => _store.ReturnAsync(held, TimeSpan.Zero, held.Attempts);

    private void OnMessage(string? message)
    {
        if (message is "pause" or "resume")
        {
            _paused = message == "pause";
        }

        _reader.Wake();
    }

    private void Watch(bool reading = false)
    {
        if (Volatile.Read(ref _watching) && (!reading || Volatile.Read(ref _reading)))
        {
            return;
        }

        lock (_lock)
        {
            if (_stopped)
            {
                return;
            }

            // What is ambient where the queue is first used must not become the loops'.
            using var flow = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
            if (!_watching)
            {
                _watching = true;
                Start(() => _upkeep.WatchAsync(state => _paused = state.IsPaused, _stopping.Token));
                Start(() => _upkeep.ListenAsync(OnMessage, _stopping.Token));
            }

            if (reading && !_reading)
            {
                _reading = true;
                Start(() => _reader.RunAsync(_stopping.Token));
                Start(() => _upkeep.BeatAsync(_stopping.Token));
                Start(() => _upkeep.TidyAsync(_stopping.Token));
            }
        }

        void Start(Func<Task> loop) => _loops.Add(Task.Run(loop, CancellationToken.None));
    }

    /// <returns>What is ending; null when it was stopped before.</returns>
    private Task[]? Stop()
    {
        Task[] loops;
        lock (_lock)
        {
            if (_stopped)
            {
                return null;
            }

            _stopped = true;
            loops = [.. _loops];
        }

        _stopping.Cancel();
        _reader.Waiters.Close();
        return loops;
    }

    private async Task LeaveAsync()
    {
        if (!_watching)
        {
            return;
        }

        await _connection.GetSubscriber().UnsubscribeAsync(_store.Keys.Channel).ConfigureAwait(false);
        if (!_reading)
        {
            return;
        }

        while (_settlements.Repeating > 0)
        {
            await Task.Delay(LeavePoll, _timeProvider).ConfigureAwait(false);
        }

        await _store.RemoveConsumersAsync(idle: null).ConfigureAwait(false);
    }
}
