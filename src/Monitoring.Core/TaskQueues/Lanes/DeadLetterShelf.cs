namespace Monitoring.TaskQueues.Lanes;

/// <summary>
/// The newest dead letters of a queue in this process, each with its task. Thread-safe. Its lock may be held while the
/// queue's is taken, never the other way round.
/// </summary>
internal sealed class DeadLetterShelf(int capacity)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<(DeadLetter Letter, BackgroundTask Task)> _letters = [];

    // Written under the lock, read without it.
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Keeps one more; the oldest goes when there are too many.</summary>
    public void Add(DeadLetter letter, BackgroundTask task)
    {
        if (capacity == 0)
        {
            return;
        }

        lock (_lock)
        {
            if (_letters.Count == capacity)
            {
                _letters.RemoveLast();
            }

            _letters.AddFirst((letter, task));
            Volatile.Write(ref _count, _letters.Count);
        }
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<DeadLetter> Get(int count)
    {
        lock (_lock)
        {
            return [.. _letters.Take(count).Select(static entry => entry.Letter)];
        }
    }

    /// <summary>Enqueues tasks again, the oldest first; those that are not accepted stay.</summary>
    /// <param name="id">Which one; null for all.</param>
    /// <param name="tryEnqueue">The queue.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many were accepted.</returns>
    public int Redrive(string? id, Func<BackgroundTask, bool> tryEnqueue, CancellationToken cancellationToken)
    {
        var redriven = 0;
        lock (_lock)
        {
            for (var node = _letters.Last; node is not null;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var next = node.Previous;
                if ((id is null || node.Value.Letter.Id == id) && tryEnqueue(node.Value.Task))
                {
                    _letters.Remove(node);
                    Volatile.Write(ref _count, _letters.Count);
                    redriven++;
                }

                node = next;
            }
        }

        return redriven;
    }
}
