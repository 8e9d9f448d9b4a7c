using Microsoft.Extensions.Logging;
using Monitoring.TaskQueues;
using Monitoring.TaskQueues.Processing;
using Monitoring.Telemetry;
using StackExchange.Redis;

namespace Monitoring.Redis.Streams;

/// <summary>
/// What has to be done all the time: signs of life for what is held, the figures once a second, listening for wake-ups,
/// removing consumers that are gone. Each loop is one task; errors delay it and never end it.
/// </summary>
internal sealed class StreamUpkeep(
    StreamStore store, HeldTasks held, IConnectionMultiplexer connection, RedisTaskQueueOptions options,
    string name, string group, TimeProvider timeProvider, ILogger logger, InternalErrors errors)
{
    private static readonly TimeSpan StateInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RemovalInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly Version AcknowledgeAndDelete = new(8, 2);

    private volatile StreamState _state = StreamState.Unknown;
    private bool _otherGroupsReported;

    /// <summary>What the server said last.</summary>
    public StreamState State => _state;

    /// <summary>Asks the server now.</summary>
    public async Task RefreshAsync()
    {
        var state = await store.GetStateAsync(timeProvider).ConfigureAwait(false);
        _state = state;
        if (state.OtherGroups > 0 && !_otherGroupsReported)
        {
            _otherGroupsReported = true;
            StreamLog.OtherGroups(logger, name, state.OtherGroups, group);
        }
    }

    /// <summary>Keeps <see cref="State"/> fresh.</summary>
    public Task WatchAsync(Action<StreamState> onState, CancellationToken stopping) => EveryAsync(StateInterval, "redis-task-queue.state", async () =>
    {
        await RefreshAsync().ConfigureAwait(false);
        onState(_state);
    }, stopping);

    /// <summary>Keeps what is held from being given to others. More often than that after an error: time is running then.</summary>
    public Task BeatAsync(CancellationToken stopping) => EveryAsync(options.Heartbeat, "redis-task-queue.heartbeat", BeatOnceAsync, stopping);

    /// <summary>Removes consumers of processes that are gone for long.</summary>
    public Task TidyAsync(CancellationToken stopping) => EveryAsync(
        RemovalInterval < options.ConsumerRetention ? RemovalInterval : options.ConsumerRetention, "redis-task-queue.consumers",
        async () => await store.RemoveConsumersAsync(options.ConsumerRetention).ConfigureAwait(false), stopping);

    /// <summary>Listens for wake-ups; the client itself subscribes anew when its connection comes back.</summary>
    public async Task ListenAsync(Action<string?> onMessage, CancellationToken stopping)
    {
        using var subscribed = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await EveryAsync(LongestPause, "redis-task-queue.subscribe", async () =>
        {
            await connection.GetSubscriber().SubscribeAsync(store.Keys.Channel, (_, message) => onMessage(message)).ConfigureAwait(false);
            DetectCommands();
            await subscribed.CancelAsync().ConfigureAwait(false);
        }, subscribed.Token).ConfigureAwait(false);
    }

    private void DetectCommands()
    {
        if (connection.GetEndPoints().Select(endPoint => connection.GetServer(endPoint)).Where(static server => server.IsConnected).ToArray() is { Length: > 0 } servers
            && servers.All(static server => server.Version >= AcknowledgeAndDelete))
        {
            store.UseAcknowledgeAndDelete();
        }
    }

    private async Task BeatOnceAsync()
    {
        await store.AnnounceAsync(options.Workers, options.Heartbeat * 3).ConfigureAwait(false);
        foreach (var tasks in held.All.GroupBy(static task => task.Priority))
        {
            var asked = tasks.ToArray();
            var lost = await store.HeartbeatAsync(tasks.Key, asked).ConfigureAwait(false);
            var taken = asked.Count(task => lost.Contains(task.EntryId) && held.Contains(task));
            if (taken > 0)
            {
                StreamLog.TakenOver(logger, name, taken);
            }
        }
    }

    private async Task EveryAsync(TimeSpan interval, string kind, Func<Task> work, CancellationToken stopping)
    {
        var retry = interval < LongestPause ? interval : LongestPause;
        var backoff = new RetryBackoff(TimeSpan.FromMilliseconds(100), retry, Random.Shared.NextDouble);
        var failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await work().ConfigureAwait(false);
                failures = 0;
            }
            catch (Exception exception)
            {
                failures = Math.Min(failures + 1, 10);
                errors.Report(kind, exception);
            }

            await Task.Delay(failures == 0 ? interval : backoff.GetDelay(failures), timeProvider, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
