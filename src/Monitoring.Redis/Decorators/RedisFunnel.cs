using System.Diagnostics;
using Monitoring.CircuitBreakers;
using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>
/// What every command of one multiplexer goes through: run it, record how it ended, tell the circuit. Thread-safe. While
/// the circuit is closed, a command that completes at once allocates nothing and a pending one allocates its task.
/// </summary>
/// <remarks>
/// While the circuit is closed everything is let through anyway, so the command runs outside of it and only its outcome is
/// reported. Otherwise the call itself goes through the circuit, which owns refusal and the probe. Fire-and-forget
/// commands pass by: nobody waits for them, the client neither blocks nor throws for them, and their outcome is unknown.
/// </remarks>
internal sealed class RedisFunnel(RedisMonitor monitor, CircuitBreaker? circuit)
{
    private const string Unnamed = "OTHER";

    private readonly RedisOperationRecorder?[] _recorders = new RedisOperationRecorder?[RedisCommands.Names.Length];

    /// <summary>Whether commands are let through without asking.</summary>
    public bool IsClosed => circuit is null || circuit.IsClosed;

    /// <summary>The recorder of a command of the table, made when the command is first used.</summary>
    public RedisOperationRecorder this[int command] => _recorders[command] ??= monitor.GetOperation(RedisCommands.Names[command]);

    /// <summary>The recorder of a command that the caller names; the monitor bounds how many there are.</summary>
    public RedisOperationRecorder Named(string command) =>
        monitor.GetOperation(string.IsNullOrWhiteSpace(command) ? Unnamed : command.Trim().ToUpperInvariant());

    /// <summary>Runs a command that returns its result.</summary>
    public TResult Call<TState, TResult>(RedisOperationRecorder recorder, CommandFlags flags, TState state, Func<TState, TResult> call)
    {
        if (IsForgotten(flags))
        {
            recorder.Sent();
            return call(state);
        }

        if (!IsClosed)
        {
            return Guarded(recorder, state, call);
        }

        var start = Stopwatch.GetTimestamp();
        TResult result;
        try
        {
            result = call(state);
        }
        catch (Exception exception)
        {
            Failed(recorder, start, exception, guarded: false);
            throw;
        }

        Succeeded(recorder, start, guarded: false);
        return result;
    }

    /// <summary>Runs a command that returns nothing.</summary>
    public void Send<TState>(RedisOperationRecorder recorder, CommandFlags flags, TState state, Action<TState> call) =>
        Call(recorder, flags, (state, call), static s =>
        {
            s.call(s.state);
            return true;
        });

    /// <summary>Runs an asynchronous command.</summary>
    public Task<TResult> CallAsync<TState, TResult>(
        RedisOperationRecorder recorder, CommandFlags flags, object? asyncState, TState state, Func<TState, Task<TResult>> call)
    {
        if (IsForgotten(flags))
        {
            recorder.Sent();
            return call(state);
        }

        return IsClosed
            ? (Task<TResult>)Observe<TState, Task<TResult>, TResult>(recorder, asyncState, state, call)
            : GuardedAsync(recorder, asyncState, state, call);
    }

    /// <summary>Runs an asynchronous command without a result.</summary>
    public Task SendAsync<TState>(
        RedisOperationRecorder recorder, CommandFlags flags, object? asyncState, TState state, Func<TState, Task> call)
    {
        if (IsForgotten(flags))
        {
            recorder.Sent();
            return call(state);
        }

        return IsClosed
            ? Observe<TState, Task, bool>(recorder, asyncState, state, call)
            : GuardedAsync(recorder, asyncState, (state, call), static async s =>
            {
                await s.call(s.state).ConfigureAwait(false);
                return true;
            });
    }

    /// <summary>
    /// Hands a scan through: its pages are fetched while it is enumerated, and the object must stay the client's own to be
    /// castable to <see cref="IScanningCursor"/>. It counts as sent.
    /// </summary>
    public TScan Enumerate<TScan>(RedisOperationRecorder recorder, TScan scan)
    {
        recorder.Sent();
        return scan;
    }

    /// <summary>Records how a task ended.</summary>
    /// <param name="recorder">Recorder of the command.</param>
    /// <param name="start">When it began.</param>
    /// <param name="task">A completed task.</param>
    /// <param name="guarded">Whether it ran through the circuit, which then knows the outcome.</param>
    /// <returns>The exception to surface in place of the circuit's own refusal, or null.</returns>
    public RedisCircuitOpenException? Completed(RedisOperationRecorder recorder, long start, Task task, bool guarded)
    {
        if (task.IsCompletedSuccessfully)
        {
            Succeeded(recorder, start, guarded);
            return null;
        }

        var exception = task.IsFaulted ? task.Exception.InnerException! : new TaskCanceledException(task);
        Failed(recorder, start, exception, guarded);
        return exception is CircuitOpenException refusal ? new RedisCircuitOpenException(refusal) : null;
    }

    /// <summary>Records a success.</summary>
    public void Succeeded(RedisOperationRecorder recorder, long start, bool guarded)
    {
        try
        {
            recorder.Succeeded(start);
            if (!guarded)
            {
                circuit?.ReportSuccess();
            }
        }
        catch (Exception own)
        {
            monitor.Errors.Report("redis-recording", own);
        }
    }

    /// <summary>Records a failure; the circuit judges for itself whether it speaks against the server.</summary>
    public void Failed(RedisOperationRecorder recorder, long start, Exception exception, bool guarded)
    {
        try
        {
            recorder.Failed(start, RedisFailure.KindOf(exception), RedisFailure.ErrorOf(exception));
            if (!guarded)
            {
                circuit?.ReportFailure(exception);
            }
        }
        catch (Exception own)
        {
            monitor.Errors.Report("redis-recording", own);
        }
    }

    /// <summary>Runs a call through a circuit that is not closed; the outcome is not recorded here.</summary>
    public Task<TResult> ThroughCircuitAsync<TState, TResult>(TState state, Func<TState, Task<TResult>> call) =>
        circuit is null ? call(state) : circuit.ExecuteAsync(call, state);

    /// <summary>Runs a call through a circuit that is not closed; the outcome is not recorded here.</summary>
    public TResult ThroughCircuit<TState, TResult>(TState state, Func<TState, TResult> call) =>
        circuit is null ? call(state) : circuit.Execute(call, state);

    private static bool IsForgotten(CommandFlags flags) => (flags & CommandFlags.FireAndForget) != 0;

    private Task Observe<TState, TTask, TResult>(RedisOperationRecorder recorder, object? asyncState, TState state, Func<TState, TTask> call)
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
            Failed(recorder, start, exception, guarded: false);
            throw;
        }

        if (inner.IsCompleted)
        {
            Completed(recorder, start, inner, guarded: false);
            return inner;
        }

        return PendingCall<TResult>.Observe(this, recorder, start, inner, asyncState, guarded: false);
    }

    private TResult Guarded<TState, TResult>(RedisOperationRecorder recorder, TState state, Func<TState, TResult> call)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            var result = ThroughCircuit(state, call);
            Succeeded(recorder, start, guarded: true);
            return result;
        }
        catch (CircuitOpenException refusal)
        {
            Failed(recorder, start, refusal, guarded: true);
            throw new RedisCircuitOpenException(refusal);
        }
        catch (Exception exception)
        {
            Failed(recorder, start, exception, guarded: true);
            throw;
        }
    }

    private Task<TResult> GuardedAsync<TState, TResult>(
        RedisOperationRecorder recorder, object? asyncState, TState state, Func<TState, Task<TResult>> call)
    {
        var start = Stopwatch.GetTimestamp();
        Task<TResult> guarded;
        try
        {
            guarded = ThroughCircuitAsync(state, call);
        }
        catch (Exception exception)
        {
            Failed(recorder, start, exception, guarded: true);
            throw;
        }

        return PendingCall<TResult>.Observe(this, recorder, start, guarded, asyncState, guarded: true);
    }
}
