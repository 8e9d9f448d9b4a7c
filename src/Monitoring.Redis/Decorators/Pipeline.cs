using System.Runtime.ExceptionServices;
using Monitoring.CircuitBreakers;

namespace Monitoring.Redis.Decorators;

/// <summary>
/// What a batch or transaction does beside queueing: hands out tasks, executes them as one operation, and asks the circuit
/// at Execute, for queueing sends nothing. One batch belongs to one caller, as the client has it.
/// </summary>
internal sealed class Pipeline(RedisFunnel funnel, RedisTarget target, int command, object? asyncState)
{
    private readonly RedisTarget _target = target;
    private PipelineRound _round = new(funnel, target, target.Find(command));

    // It may hold many keys, so its target is that of a command without one.
    public Pipeline(RedisFunnel funnel, int command, object? asyncState)
        : this(funnel, funnel.Find(), command, asyncState)
    {
    }

    /// <summary>The task to return in place of the inner one.</summary>
    /// <param name="inner">What the inner batch returned.</param>
    /// <param name="executed">Counts what the command did, if it was executed and did not fail.</param>
    public Task<T> Queue<T>(Task<T> inner, Action? executed = null)
    {
        if (!_round.IsRecorded)
        {
            return inner;
        }

        if (inner.IsCompleted)
        {
            _round.AddForgotten();
            executed?.Invoke();
            return inner;
        }

        return (executed is null ? new QueuedCall<T>(_round, inner, asyncState) : new CountedCall<T>(_round, inner, asyncState, executed)).Task;
    }

    /// <inheritdoc cref="Queue{T}"/>
    public Task Queue(Task inner)
    {
        if (!_round.IsRecorded)
        {
            return inner;
        }

        if (inner.IsCompleted)
        {
            _round.AddForgotten();
            return inner;
        }

        return new QueuedCall<bool>(_round, inner, asyncState).Task;
    }

    /// <summary>Executes a batch: sends, and does not wait.</summary>
    public void Execute(Action send)
    {
        var round = TakeRound();
        if (round.Queued == 0)
        {
            send();
            return;
        }

        if (_target.IsClosed)
        {
            Send(round, send, guarded: false);
            return;
        }

        // The circuit waits for the outcome, if this is its probe; the caller does not.
        var guarded = _target.Circuit!.ExecuteAsync(
            static s =>
            {
                Send(s.round, s.send, guarded: true);
                return s.round.Outcome;
            },
            (round, send));
        if (!guarded.IsFaulted)
        {
            guarded.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            return;
        }

        var failure = guarded.Exception.InnerException!;
        if (failure is CircuitOpenException)
        {
            throw Refuse(round);
        }

        ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Executes a transaction and waits for it. False means that a condition failed, which is no failure.</summary>
    public bool Execute(Func<bool> send)
    {
        var round = TakeRound();
        if (!round.IsRecorded)
        {
            return send();
        }

        if (_target.IsClosed)
        {
            return Run(round, send, guarded: false);
        }

        return _target.Circuit!.TryExecute(static s => Run(s.round, s.send, guarded: true), (round, send), out var committed)
            ? committed
            : throw Refuse(round);
    }

    /// <inheritdoc cref="Execute(Func{bool})"/>
    public Task<bool> ExecuteAsync(Func<Task<bool>> send)
    {
        var round = TakeRound();
        if (!round.IsRecorded)
        {
            return send();
        }

        if (!_target.IsClosed)
        {
            return ExecuteGuardedAsync(round, send);
        }

        round.Begin(guarded: false);
        return Watch(round, Start(round, send));
    }

    private static void Send(PipelineRound round, Action send, bool guarded)
    {
        round.Begin(guarded);
        try
        {
            send();
        }
        catch (Exception exception)
        {
            round.Abandon(exception);
            throw;
        }

        round.Release();
    }

    private static bool Run(PipelineRound round, Func<bool> send, bool guarded)
    {
        round.Begin(guarded);
        try
        {
            var committed = send();
            round.Release();
            return committed;
        }
        catch (Exception exception)
        {
            round.Abandon(exception);
            throw;
        }
    }

    private static Task<bool> Start(PipelineRound round, Func<Task<bool>> send)
    {
        try
        {
            return send();
        }
        catch (Exception exception)
        {
            round.Abandon(exception);
            throw;
        }
    }

    private Task<bool> ExecuteGuardedAsync(PipelineRound round, Func<Task<bool>> send)
    {
        var guarded = _target.Circuit!.ExecuteAsync(
            static s =>
            {
                s.round.Begin(guarded: true);
                return Start(s.round, s.send);
            },
            (round, send));
        return Watch(round, guarded);
    }

    private Task<bool> Watch(PipelineRound round, Task<bool> execution) => new Execution(this, round, execution, asyncState).Task;

    private RedisCircuitOpenException Refuse(PipelineRound round)
    {
        var refusal = new RedisCircuitOpenException(_target.Circuit!);
        round.Refuse(refusal);
        return refusal;
    }

    private PipelineRound TakeRound()
    {
        var round = _round;
        _round = new PipelineRound(funnel, _target, _target.Find(command));
        return round;
    }

    /// <summary>The caller's task for ExecuteAsync of a transaction.</summary>
    private sealed class Execution
    {
        private readonly Pipeline _pipeline;
        private readonly PipelineRound _round;
        private readonly Task<bool> _inner;
        private Promise<bool> _promise;

        public Execution(Pipeline pipeline, PipelineRound round, Task<bool> inner, object? asyncState)
        {
            _pipeline = pipeline;
            _round = round;
            _inner = inner;
            _promise = new Promise<bool>(asyncState);
            Task = _promise.Task;
            if (inner.IsCompleted)
            {
                Complete();
            }
            else
            {
                inner.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(Complete);
            }
        }

        public Task<bool> Task { get; }

        private void Complete()
        {
            if (_inner.IsCompletedSuccessfully)
            {
                _round.Release();
                _promise.CompleteFrom(_inner);
                return;
            }

            var failure = _inner.IsFaulted ? _inner.Exception.InnerException! : new TaskCanceledException(_inner);
            if (failure is CircuitOpenException)
            {
                _promise.Fail(_pipeline.Refuse(_round));
                return;
            }

            _round.Abandon(failure);
            _promise.CompleteFrom(_inner);
        }
    }
}
