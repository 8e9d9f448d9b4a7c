using Monitoring.TaskQueues;
using Monitoring.TaskQueues.Processing;
using Monitoring.Telemetry;

namespace Monitoring.Redis.Streams;

/// <summary>
/// Tells the server what became of tasks, and repeats it in the background while the server is away. Until it is told, the
/// entry stays held, so that heartbeats keep it from others; if it never can be, the entry is delivered again. Thread-safe.
/// </summary>
internal sealed class Settlements : IDisposable
{
    /// <summary>How many are repeated at the same time; workers that get no tasks settle none, so there are hardly ever more than workers.</summary>
    private const int Limit = 10_000;

    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(10);

    private readonly RetryBackoff _backoff = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), Random.Shared.NextDouble);
    private readonly HeldTasks _held;
    private readonly TimeProvider _timeProvider;
    private readonly InternalErrors _errors;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stop;
    private int _repeating;

    public Settlements(HeldTasks held, TimeProvider timeProvider, InternalErrors errors)
    {
        (_held, _timeProvider, _errors) = (held, timeProvider, errors);
        _stop = _stopping.Token;
    }

    /// <summary>Settlements that the server has not been told of yet.</summary>
    public int Repeating => Volatile.Read(ref _repeating);

    /// <summary>Never fails, and returns after the first try.</summary>
    public async ValueTask SettleAsync(HeldTask task, Func<HeldTask, Task> settle)
    {
        if (await TryAsync(task, settle).ConfigureAwait(false))
        {
            return;
        }

        if (Interlocked.Increment(ref _repeating) > Limit)
        {
            Interlocked.Decrement(ref _repeating);
            _held.Remove(task);
            return;
        }

        _ = RepeatAsync(task, settle);
    }

    /// <summary>Repeats nothing more: what is not told by now will be delivered again.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private async Task RepeatAsync(HeldTask task, Func<HeldTask, Task> settle)
    {
        var started = _timeProvider.GetTimestamp();
        try
        {
            for (var attempt = 1; _timeProvider.GetElapsedTime(started) < GiveUpAfter; attempt++)
            {
                await Task.Delay(_backoff.GetDelay(Math.Min(attempt, 10)), _timeProvider, _stop).ConfigureAwait(false);
                if (await TryAsync(task, settle).ConfigureAwait(false))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The process ends; another one will be given the entry.
        }
        finally
        {
            _held.Remove(task);
            Interlocked.Decrement(ref _repeating);
        }
    }

    private async Task<bool> TryAsync(HeldTask task, Func<HeldTask, Task> settle)
    {
        try
        {
            await settle(task).ConfigureAwait(false);
            _held.Remove(task);
            return true;
        }
        catch (Exception exception)
        {
            _errors.Report("redis-task-queue.settle", exception);
            return false;
        }
    }
}
