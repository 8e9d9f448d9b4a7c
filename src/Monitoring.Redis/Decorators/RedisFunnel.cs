using System.Diagnostics;
using System.Runtime.CompilerServices;
using Monitoring.Redis.Diagnostics;
using Monitoring.Requests;
using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>
/// What every command of one database, server or subscriber goes through: run it, record how it ended, tell the circuit, and have those of
/// the sample, the slow and the failed ones looked at closely. Thread-safe. While the circuit is closed, a command that
/// completes at once allocates nothing and a pending one allocates its task.
/// </summary>
/// <remarks>
/// While the circuit is closed everything is let through anyway, so the command runs outside of it and only its outcome is
/// reported. Otherwise the call itself goes through the circuit, which owns refusal and the probe. Fire-and-forget
/// commands pass by: nobody waits for them, the client neither blocks nor throws for them, and their outcome is unknown.
/// </remarks>
/// <param name="monitor">Who records.</param>
/// <param name="routes">Where the commands go.</param>
/// <param name="pubSub">What counts messages and knows their handlers.</param>
/// <param name="server">Where they all go, if they are those of one server; null to ask <paramref name="routes"/>.</param>
/// <param name="database">The database that they belong to; null for others.</param>
internal sealed class RedisFunnel(RedisMonitor monitor, RedisRoutes routes, PubSub pubSub, RedisTarget? server = null, IDatabase? database = null)
{
    private readonly RedisSampling _sampling = monitor.Sampling;
    private readonly RedisTelemetry _telemetry = monitor.Telemetry;

    /// <summary>Where a command goes.</summary>
    public RedisTarget Find(RedisKey key = default, CommandFlags flags = CommandFlags.None) => server ?? routes.Only ?? routes.Find(key, flags);

    /// <summary>What counts messages and knows their handlers.</summary>
    public PubSub PubSub { get; } = pubSub;

    /// <summary>Runs a command that returns its result.</summary>
    /// <param name="command">The command.</param>
    /// <param name="flags">How it is sent.</param>
    /// <param name="key">Its first key; null when it has none.</param>
    /// <param name="state">What <paramref name="call"/> needs.</param>
    /// <param name="call">Sends it.</param>
    /// <param name="size">Adds up the values that it sends; null when it sends none. Asked of a few commands only.</param>
    public TResult Call<TState, TResult>(
        CommandId command, CommandFlags flags, RedisKey key, TState state, Func<TState, TResult> call, Func<TState, long>? size = null)
    {
        var target = Find(key, flags);
        var recorder = target.Find(command);
        if (!recorder.IsRecorded || IsForgotten(flags))
        {
            Pass(recorder);
            return call(state);
        }

        if (!target.IsClosed)
        {
            return Guarded(target, recorder, key, state, call, size);
        }

        var start = Stopwatch.GetTimestamp();
        TResult result;
        try
        {
            result = call(state);
        }
        catch (Exception exception)
        {
            Failed(Start(target, recorder, start, guarded: false, key, state, size), exception);
            throw;
        }

        // The caller's flow is still the one that it began in.
        var elapsed = Succeeded(target, recorder, start, guarded: false, BelongsTo());
        if (recorder.Lookups is { } lookups)
        {
            CountLookup(lookups, result);
        }

        var weight = _sampling.Choose(start);
        if (weight > 0 || _sampling.IsSlow(elapsed))
        {
            Look(target, recorder, elapsed, key, weight, state, size, result);
        }

        return result;
    }

    /// <summary>Runs a command that returns nothing.</summary>
    /// <inheritdoc cref="Call"/>
    public void Send<TState>(
        CommandId command, CommandFlags flags, RedisKey key, TState state, Action<TState> call, Func<TState, long>? size = null) =>
        Call(
            command,
            flags,
            key,
            (state, call, size),
            static s =>
            {
                s.call(s.state);
                return true;
            },
            size is null ? null : static s => s.size!(s.state));

    /// <summary>Runs an asynchronous command.</summary>
    /// <inheritdoc cref="Call"/>
    public Task<TResult> CallAsync<TState, TResult>(
        CommandId command, CommandFlags flags, RedisKey key, object? asyncState, TState state, Func<TState, Task<TResult>> call, Func<TState, long>? size = null)
    {
        var target = Find(key, flags);
        var recorder = target.Find(command);
        if (!recorder.IsRecorded || IsForgotten(flags))
        {
            Pass(recorder);
            return call(state);
        }

        return target.IsClosed
            ? (Task<TResult>)Watch<TState, Task<TResult>, TResult>(target, recorder, key, asyncState, state, call, size)
            : GuardedAsync(Start(target, recorder, Stopwatch.GetTimestamp(), guarded: true, key, state, size), asyncState, state, call);
    }

    /// <summary>Runs an asynchronous command without a result.</summary>
    /// <inheritdoc cref="Call"/>
    public Task SendAsync<TState>(
        CommandId command, CommandFlags flags, RedisKey key, object? asyncState, TState state, Func<TState, Task> call, Func<TState, long>? size = null)
    {
        var target = Find(key, flags);
        var recorder = target.Find(command);
        if (!recorder.IsRecorded || IsForgotten(flags))
        {
            Pass(recorder);
            return call(state);
        }

        return target.IsClosed
            ? Watch<TState, Task, bool>(target, recorder, key, asyncState, state, call, size)
            : GuardedAsync(Start(target, recorder, Stopwatch.GetTimestamp(), guarded: true, key, state, size), asyncState, (state, call), static async s =>
            {
                await s.call(s.state).ConfigureAwait(false);
                return true;
            });
    }

    /// <summary>
    /// Hands a scan through: its pages are fetched while it is enumerated, and the object must stay the client's own to be
    /// castable to <see cref="IScanningCursor"/>. It counts as sent.
    /// </summary>
    public TScan Enumerate<TScan>(CommandId command, CommandFlags flags, RedisKey key, TScan scan)
    {
        Pass(Find(key, flags).Find(command));
        return scan;
    }

    /// <summary>What is known of a call that begins without a key of its own, such as a batch.</summary>
    public StartedCall Start(RedisTarget target, RedisOperationRecorder recorder, bool guarded)
    {
        var start = Stopwatch.GetTimestamp();
        return new StartedCall(target, recorder, start, guarded, Weight: _sampling.Choose(start), Parent: BelongsTo());
    }

    /// <summary>Records how a task ended.</summary>
    /// <param name="call">The call.</param>
    /// <param name="task">Its task, completed; a <see cref="Task{T}"/> unless it has no result.</param>
    /// <returns>The exception to surface in place of the circuit's own refusal, or null.</returns>
    public RedisCircuitOpenException? Completed<T>(in StartedCall call, Task task)
    {
        if (task.IsCompletedSuccessfully)
        {
            var elapsed = Succeeded(call.Target, call.Recorder, call.Start, call.IsGuarded, call.Parent);
            if (call.Recorder.Lookups is { } lookups)
            {
                CountLookup<T>(lookups, task);
            }

            if (call.Weight > 0 || _sampling.IsSlow(elapsed))
            {
                Look(in call, elapsed, task);
            }

            return null;
        }

        var exception = task.IsFaulted ? task.Exception.InnerException! : new TaskCanceledException(task);
        var refusal = exception is CircuitBreakers.CircuitOpenException ? new RedisCircuitOpenException(call.Target.Circuit!) : null;
        Failed(in call, refusal ?? exception);
        return refusal;

        void Look(in StartedCall call, long elapsed, Task task) =>
            this.Look(in call, elapsed, static t => t is Task<T> typed ? PayloadSize.OfReply(typed.GetAwaiter().GetResult()) : null, task);
    }

    /// <summary>Records that a batch or transaction of so many commands succeeded.</summary>
    public void Succeeded(in StartedCall call, int batchSize)
    {
        var elapsed = Succeeded(call.Target, call.Recorder, call.Start, call.IsGuarded, call.Parent, batchSize);
        if (call.Weight > 0 || _sampling.IsSlow(elapsed))
        {
            Look(in call, elapsed, static _ => null, 0);
        }
    }

    /// <summary>Records a failure; the circuit judges for itself whether it speaks against the server.</summary>
    /// <param name="call">The call.</param>
    /// <param name="exception">What the caller gets to see.</param>
    /// <param name="batchSize">Commands of a batch or transaction.</param>
    public void Failed(in StartedCall call, Exception exception, int batchSize = 1)
    {
        try
        {
            var elapsed = Stopwatch.GetTimestamp() - call.Start;
            var (kind, error, duration) = (RedisFailure.KindOf(exception), RedisFailure.ErrorOf(exception), Stopwatch.GetElapsedTime(0, elapsed));
            call.Recorder.Record(duration, kind, error);
            TimeoutAutopsy.Record(monitor, call.Recorder.Operation, exception, duration);
            if (!call.IsGuarded)
            {
                call.Target.Circuit?.ReportFailure(exception);
            }

            if (call.Parent is not null && kind != RedisFailureKind.Rejected)
            {
                OperationScope.Find(call.Parent)?.AddRedis(elapsed, batchSize);
            }

            if (_telemetry.IsListening)
            {
                _telemetry.Completed(TagsOf(call.Target, call.Recorder), elapsed, call.Parent, RedisFailure.Describe(exception), batchSize);
            }

            if (kind != RedisFailureKind.Rejected || call.Weight > 0)
            {
                monitor.Observe(new RedisObservation(
                    call.Recorder.Operation, call.Recorder.EndPoint, call.Key, duration, kind, error, call.Weight, call.ArgumentBytes, null, _sampling.IsSlow(elapsed))
                { TraceId = TraceOf(in call, elapsed) });
            }
        }
        catch (Exception own)
        {
            monitor.Errors.Report("redis-recording", own);
        }
    }

    private RedisOperationTags TagsOf(RedisTarget asked, RedisOperationRecorder recorder) => asked.TagsOf(recorder, database?.Database ?? -1);

    // What the span of a command that begins now, and its time, will belong to; null when nobody wants either.
    private static Activity? BelongsTo() => OperationScope.IsUsed ? Activity.Current : RedisTelemetry.Begin();

    // Counted where nobody learns the outcome; not even that where the options do not ask for the command.
    private static void Pass(RedisOperationRecorder recorder)
    {
        if (recorder.IsRecorded)
        {
            recorder.Sent();
        }
    }

    // Known where somebody listens for spans or requests are watched: otherwise a call does not ask for its activity.
    private string? TraceOf(in StartedCall call, long elapsed) => _sampling.IsSlow(elapsed) && call.Parent is { IdFormat: ActivityIdFormat.W3C } activity ? activity.TraceId.ToHexString() : null;

    private static bool IsForgotten(CommandFlags flags) => (flags & CommandFlags.FireAndForget) != 0;

    // The hot path of every outcome that is as it should be. Returns the ticks that the call took.
    private long Succeeded(RedisTarget target, RedisOperationRecorder recorder, long start, bool guarded, Activity? parent, int batchSize = 1)
    {
        var elapsed = Stopwatch.GetTimestamp() - start;
        try
        {
            recorder.RecordSuccess(elapsed);
            if (!guarded)
            {
                target.Circuit?.ReportSuccess();
            }

            if (parent is not null)
            {
                OperationScope.Find(parent)?.AddRedis(elapsed, batchSize);
            }

            if (_telemetry.IsListening)
            {
                _telemetry.Completed(TagsOf(target, recorder), elapsed, parent, default, batchSize);
            }
        }
        catch (Exception own)
        {
            monitor.Errors.Report("redis-recording", own);
        }

        return elapsed;
    }

    private StartedCall Start<TState>(
        RedisTarget target, RedisOperationRecorder recorder, long start, bool guarded, RedisKey key, TState state, Func<TState, long>? size)
    {
        var weight = _sampling.Choose(start);
        return new StartedCall(target, recorder, start, guarded, key, weight, weight > 0 ? Measure(state, size) : null, BelongsTo());
    }

    // What goes wrong with a reply is ours alone: in a completion it would keep the caller waiting for good.
    private void CountLookup<TResult>(RedisLookups lookups, TResult reply)
    {
        try
        {
            LookupReply.Count(lookups, reply);
        }
        catch (Exception own)
        {
            monitor.Errors.Report("redis-recording", own);
        }
    }

    private void CountLookup<TResult>(RedisLookups lookups, Task task)
    {
        try
        {
            LookupReply.Count<TResult>(lookups, task);
        }
        catch (Exception own)
        {
            monitor.Errors.Report("redis-recording", own);
        }
    }

    private long? Measure<TState>(TState state, Func<TState, long>? size)
    {
        try
        {
            return size?.Invoke(state);
        }
        catch (Exception own)
        {
            monitor.Errors.Report("redis-recording", own);
            return null;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Look<TState, TResult>(
        RedisTarget target, RedisOperationRecorder recorder, long elapsed, RedisKey key, long weight, TState state, Func<TState, long>? size, TResult result) =>
        Look(new StartedCall(target, recorder, 0, false, key, weight, Measure(state, size), BelongsTo()), elapsed, static r => PayloadSize.OfReply(r), result);

    private void Look<TReply>(in StartedCall call, long elapsed, Func<TReply, long?> size, TReply reply)
    {
        try
        {
            monitor.Observe(new RedisObservation(
                call.Recorder.Operation, call.Recorder.EndPoint, call.Key, Stopwatch.GetElapsedTime(0, elapsed), RedisFailureKind.None, null, call.Weight, call.ArgumentBytes, size(reply), _sampling.IsSlow(elapsed))
            { TraceId = TraceOf(in call, elapsed) });
        }
        catch (Exception own)
        {
            monitor.Errors.Report("redis-recording", own);
        }
    }

    private Task Watch<TState, TTask, TResult>(
        RedisTarget target, RedisOperationRecorder recorder, RedisKey key, object? asyncState, TState state, Func<TState, TTask> call, Func<TState, long>? size)
        where TTask : Task
    {
        var start = Stopwatch.GetTimestamp();
        Task inner;
        try
        {
            inner = call(state);
        }
        catch (Exception exception)
        {
            Failed(Start(target, recorder, start, guarded: false, key, state, size), exception);
            throw;
        }

        var started = Start(target, recorder, start, guarded: false, key, state, size);
        if (inner.IsCompleted)
        {
            Completed<TResult>(in started, inner);
            return inner;
        }

        return PendingCall<TResult>.Watch(this, in started, inner, asyncState);
    }

    private TResult Guarded<TState, TResult>(
        RedisTarget target, RedisOperationRecorder recorder, RedisKey key, TState state, Func<TState, TResult> call, Func<TState, long>? size)
    {
        var started = Start(target, recorder, Stopwatch.GetTimestamp(), guarded: true, key, state, size);
        TResult? result;
        bool admitted;
        try
        {
            admitted = target.Circuit!.TryExecute(call, state, out result);
        }
        catch (Exception exception)
        {
            Failed(in started, exception);
            throw;
        }

        if (!admitted)
        {
            var refusal = new RedisCircuitOpenException(target.Circuit);
            Failed(in started, refusal);
            throw refusal;
        }

        var elapsed = Succeeded(target, recorder, started.Start, guarded: true, started.Parent);
        if (recorder.Lookups is { } lookups)
        {
            CountLookup(lookups, result!);
        }

        if (started.Weight > 0 || _sampling.IsSlow(elapsed))
        {
            Look(in started, elapsed, static r => PayloadSize.OfReply(r), result!);
        }

        return result!;
    }

    private Task<TResult> GuardedAsync<TState, TResult>(in StartedCall started, object? asyncState, TState state, Func<TState, Task<TResult>> call)
    {
        Task<TResult> guarded;
        try
        {
            guarded = started.Target.Circuit!.ExecuteAsync(call, state);
        }
        catch (Exception exception)
        {
            Failed(in started, exception);
            throw;
        }

        return PendingCall<TResult>.Watch(this, in started, guarded, asyncState);
    }
}
