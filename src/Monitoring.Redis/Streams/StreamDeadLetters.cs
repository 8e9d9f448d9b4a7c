using Monitoring.TaskQueues;
using StackExchange.Redis;

namespace Monitoring.Redis.Streams;

/// <summary>Lists dead letters and enqueues them again. Thread-safe.</summary>
internal sealed class StreamDeadLetters(StreamStore store)
{
    private const int Page = 200;

    public async Task<IReadOnlyList<DeadLetter>> ListAsync(int count, CancellationToken cancellationToken)
    {
        var letters = new List<DeadLetter>();
        await foreach (var letter in ReadAsync(Order.Descending, cancellationToken).ConfigureAwait(false))
        {
            letters.Add(letter.Letter);
            if (letters.Count == count)
            {
                break;
            }
        }

        return letters;
    }

    /// <summary>Those that are there now, oldest first; what becomes a dead letter meanwhile is left alone.</summary>
    public async Task<int> RedriveAsync(string? id, CancellationToken cancellationToken)
    {
        var enqueued = 0;
        await foreach (var letter in ReadAsync(Order.Ascending, cancellationToken).ConfigureAwait(false))
        {
            if (id is not null && letter.Letter.Id != id)
            {
                continue;
            }

            switch (await store.RedriveAsync(letter).ConfigureAwait(false))
            {
                case 1:
                    enqueued++;
                    break;
                case -1:
                    return enqueued;
            }
        }

        return enqueued;
    }

    private async IAsyncEnumerable<StoredLetter> ReadAsync(Order order, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var newest = await store.ReadLettersAsync("-", "+", 1, Order.Descending).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (newest.Length == 0)
        {
            yield break;
        }

        RedisValue from = "-", to = newest[0].Id;
        while (true)
        {
            var page = await store.ReadLettersAsync(from, to, Page, order).WaitAsync(cancellationToken).ConfigureAwait(false);
            foreach (var entry in page)
            {
                yield return DeadLetterFields.Read(entry);
            }

            if (page.Length < Page)
            {
                yield break;
            }

            // Exclusive from here on: the last one was seen.
            RedisValue last = $"({page[^1].Id}";
            (from, to) = order == Order.Ascending ? (last, to) : (from, last);
        }
    }
}
