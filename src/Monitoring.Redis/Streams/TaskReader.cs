using Microsoft.Extensions.Logging;
using Monitoring.TaskQueues;
using Monitoring.TaskQueues.Processing;
using Monitoring.TaskQueues.Recording;
using Monitoring.Telemetry;

namespace Monitoring.Redis.Streams;

/// <summary>
/// Takes entries from Redis for workers that wait, never more than there are of these, and hands them out. One loop; nothing
/// ends it but the stop.
/// </summary>
internal sealed class TaskReader(
    StreamStore store, HeldTasks held, Settlements settlements, MessageContracts contracts, RedisTaskQueueOptions options,
    string name, TimeProvider timeProvider, ILogger logger, InternalErrors errors)
{
    private readonly PriorityTurns _turns = new(options.HighWeight, options.NormalWeight, options.LowWeight);
    private readonly RetryBackoff _backoff = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), Random.Shared.NextDouble);
    private readonly Signal _wake = new(timeProvider);

    // Where the search for abandoned entries goes on in each stream; empty where this round is over. The loop's own.
    private readonly string[] _cursors = ["", "", ""];
    private long _claimAt;

    /// <summary>Workers that wait.</summary>
    public TaskWaiters Waiters { get; } = new(timeProvider);

    /// <summary>Where deliveries after the first are counted.</summary>
    public QueueMonitor? Monitor { get; set; }

    /// <summary>There may be something to read.</summary>
    public void Wake() => _wake.Set();

    public async Task RunAsync(CancellationToken stopping)
    {
        DelayClaim(TimeSpan.Zero);
        var failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await TurnAsync(stopping).ConfigureAwait(false);
                failures = 0;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                errors.Report("redis-task-queue.read", exception);

                // When the server is back, everybody's heartbeats come first: what looks abandoned may only not have been heard of.
                DelayClaim(options.ClaimIdleTime);
                failures = Math.Min(failures + 1, 10);
                await Task.Delay(_backoff.GetDelay(failures), timeProvider, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task TurnAsync(CancellationToken stopping)
    {
        var wanted = Waiters.Count;
        if (wanted == 0)
        {
            await Waiters.Demand.WaitAsync(Timeout.InfiniteTimeSpan, stopping).ConfigureAwait(false);
            return;
        }

        wanted -= await ClaimAsync(wanted).ConfigureAwait(false);
        if (wanted == 0)
        {
            return;
        }

        // Twice the poll interval: the mark is renewed with each poll and ends soon after a sleeper's death.
        var read = await store.ReadAsync(_turns.Take(wanted), options.PollInterval * 2).ConfigureAwait(false);
        if (read.GroupsMade > 0)
        {
            StreamLog.GroupsMade(logger, name, read.GroupsMade);
        }

        var now = timeProvider.GetTimestamp();
        foreach (var entry in read.Entries)
        {
            await DeliverAsync(entry, AddedTimestamp(entry, read.Now, now)).ConfigureAwait(false);
        }

        if (read.Entries.Length == 0)
        {
            var sleep = read.UntilDue is { } due && due < options.PollInterval ? due : options.PollInterval;
            await _wake.WaitAsync(Max(sleep, TimeSpan.FromMilliseconds(1)), stopping).ConfigureAwait(false);
        }
    }

    private async Task<int> ClaimAsync(int wanted)
    {
        if (_cursors.All(static cursor => cursor.Length == 0))
        {
            if (timeProvider.GetTimestamp() < _claimAt)
            {
                return 0;
            }

            Array.Fill(_cursors, "0-0");
        }

        var claimed = await store.ClaimAsync(_cursors, wanted).ConfigureAwait(false);
        if (_cursors.All(static cursor => cursor.Length == 0))
        {
            DelayClaim(options.Heartbeat);
        }

        var delivered = 0;
        foreach (var entry in claimed)
        {
            delivered += await DeliverAsync(entry, enqueued: 0).ConfigureAwait(false) ? 1 : 0;
        }

        return delivered;
    }

    /// <returns>Whether a worker got it.</returns>
    private async Task<bool> DeliverAsync(DeliveredEntry delivered, long enqueued)
    {
        var entry = TaskEntry.Read(delivered.Fields, out var problem);
        var task = entry?.ToTask(contracts, delivered.Priority, out problem);
        var holding = new HeldTask
        {
            Priority = delivered.Priority,
            EntryId = delivered.Id,
            TaskId = entry?.TaskId ?? "",
            DeduplicationKey = entry?.DeduplicationKey,
            Attempts = entry?.Attempts ?? 0,
            TotalDeliveries = (entry?.Deliveries ?? 0) + delivered.Deliveries,
        };
        if (!held.TryAdd(holding))
        {
            return false;
        }

        if (delivered.Deliveries > 1)
        {
            Monitor?.OnRedelivered();
        }

        if (task is null)
        {
            await BuryAsync(holding, entry?.Name ?? DeadLetterFields.MalformedType, DeadLetterReason.Malformed, problem).ConfigureAwait(false);
            return false;
        }

        if (delivered.Deliveries > options.MaxDeliveries)
        {
            await BuryAsync(holding, task.TypeName, DeadLetterReason.DeliveriesExhausted,
                $"It was given to a worker {delivered.Deliveries - 1} times without an answer.").ConfigureAwait(false);
            return false;
        }

        task.DeliveryCount = holding.TotalDeliveries;
        task.EnqueuedTimestamp = delivered.Deliveries > 1 ? 0 : enqueued;
        task.Lifecycle = TaskLifecycle.Accepted;
        held.Assign(task, holding);
        if (Waiters.TryHandOut(task))
        {
            return true;
        }

        // Those who waited have gone in the meantime.
        if (held.TryTake(task, out _))
        {
            await settlements.SettleAsync(holding, giveBack => store.ReturnAsync(giveBack, TimeSpan.Zero, giveBack.Attempts)).ConfigureAwait(false);
        }

        return false;
    }

    private async Task BuryAsync(HeldTask holding, string typeName, DeadLetterReason reason, string text)
    {
        var letter = new DeadLetter
        {
            Id = holding.TaskId,
            TypeName = typeName,
            Priority = holding.Priority,
            Reason = reason,
            Attempts = holding.Attempts,
            Message = text,
        };
        StreamLog.GivenUp(logger, name, typeName, holding.TaskId, holding.EntryId, text);
        Monitor?.OnGivenUp(reason == DeadLetterReason.Malformed ? DeadLetterFields.MalformedType : typeName, holding.Priority);
        await settlements.SettleAsync(holding, giveUp => store.BuryAsync(giveUp, DeadLetterFields.Of(letter, giveUp))).ConfigureAwait(false);
    }

    private void DelayClaim(TimeSpan time)
    {
        Array.Fill(_cursors, "");
        _claimAt = timeProvider.GetTimestamp() + (long)(time.TotalSeconds * timeProvider.TimestampFrequency);
    }

    private long AddedTimestamp(DeliveredEntry entry, long serverNow, long now)
    {
        var waited = Math.Max(0, serverNow - DeliveredEntry.AddedAt(entry.Id));
        var added = now - (long)(waited / 1000.0 * timeProvider.TimestampFrequency);
        return added == 0 ? 1 : added;
    }

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
