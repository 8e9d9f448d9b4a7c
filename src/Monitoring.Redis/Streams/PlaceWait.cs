using System.Diagnostics.CodeAnalysis;
using Monitoring.TaskQueues;
using Monitoring.TaskQueues.Processing;

namespace Monitoring.Redis.Streams;

/// <summary>
/// Callers that wait for a place in a full queue: in the order in which they came, and only the first of them asks the
/// server, so that a full queue costs it one question per process and turn. Thread-safe.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore has no handle, and waiters may still leave it when the queue ends.")]
internal sealed class PlaceWait(TimeSpan longestPause, TimeProvider timeProvider)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(10);

    // Its waiters are released in the order in which they came.
    private readonly SemaphoreSlim _first = new(1, 1);
    private readonly RetryBackoff _backoff = new(ShortestPause, longestPause, Random.Shared.NextDouble);
    private int _waiting;

    /// <summary>Callers that wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <param name="tryEnqueue">Asks once: above zero when the queue is full.</param>
    /// <param name="wait">Whether to ask again until it is not.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="stopping">Ends the wait because the queue ends.</param>
    /// <returns>The last answer.</returns>
    public async Task<long> EnqueueAsync(Func<Task<long>> tryEnqueue, bool wait, CancellationToken cancellationToken, CancellationToken stopping)
    {
        if (!wait || Waiting == 0)
        {
            var result = await tryEnqueue().ConfigureAwait(false);
            if (result <= 0 || !wait)
            {
                return result;
            }
        }

        Interlocked.Increment(ref _waiting);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        try
        {
            await _first.WaitAsync(either.Token).ConfigureAwait(false);
            try
            {
                return await AskAsync(tryEnqueue, either.Token).ConfigureAwait(false);
            }
            finally
            {
                _first.Release();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TaskQueueStoppedException();
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async Task<long> AskAsync(Func<Task<long>> tryEnqueue, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var result = await tryEnqueue().ConfigureAwait(false);
            if (result <= 0)
            {
                return result;
            }

            await Task.Delay(_backoff.GetDelay(Math.Min(attempt, 20)), timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }
}
