using System.Diagnostics;
using System.Globalization;
using Monitoring.Redis.Streams;
using Monitoring.TaskQueues;
using Monitoring.TestSupport;
using StackExchange.Redis;

namespace Monitoring.KillTest;

/// <summary>
/// Enqueues numbered tasks, kills worker processes while they are at them, kills Redis in the middle, and counts at the end
/// what the handlers have written down and what is left in Redis.
/// </summary>
/// <remarks>
/// Redis keeps its append-only file with <c>appendfsync always</c>: what it has acknowledged is on disk, so a kill, or a power
/// cut, loses nothing that anybody was told. With <c>everysec</c> the last second may be lost.
/// </remarks>
internal sealed class Driver
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RedisAway = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(60);

    private readonly KillTestOptions _options;
    private readonly TextWriter _output;
    private readonly ServerProcess _redis;
    private readonly string _directory;
    private readonly Ledgers _ledgers;
    private readonly List<WorkerProcess> _workers = [];
    private readonly StreamKeys _keys = new($"tasks:{{{KillTestOptions.QueueName}}}");
    private int _enqueued;
    private int _enqueueErrors;
    private int _kills;
    private int _restarts;

    private Driver(KillTestOptions options, TextWriter output, ServerProcess redis, string directory)
    {
        (_options, _output, _redis, _directory) = (options, output, redis, directory);
        _ledgers = new Ledgers(directory, options.Tasks);
    }

    public static async Task<KillTestReport> RunAsync(KillTestOptions options, TextWriter output)
    {
        var directory = Directory.CreateTempSubdirectory("monitoring-kill-test-").FullName;
        await using var redis = await ServerProcess.StartRedisAsync("--appendonly", "yes", "--appendfsync", "always");
        var driver = new Driver(options, output, redis, directory);
        try
        {
            var report = await driver.RunAsync();
            report.Print(output);
            if (report.Passed)
            {
                Directory.Delete(directory, recursive: true);
            }
            else
            {
                await output.WriteLineAsync($"what the workers wrote is in {directory}");
            }

            return report;
        }
        finally
        {
            driver._workers.ForEach(static worker => worker.Dispose());
        }
    }

    private async Task<KillTestReport> RunAsync()
    {
        var started = Stopwatch.GetTimestamp();
        using var patience = new CancellationTokenSource(_options.Patience);
        await _output.WriteLineAsync(FormattableString.Invariant(
            $"{_options.Tasks} tasks of about {_options.TaskMilliseconds} ms, {_options.Workers} processes, one killed every {_options.KillEvery.TotalSeconds:0.#} s, redis-server with appendfsync always killed in the middle"));
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{_redis.EndPoint},abortConnect=false,asyncTimeout=2000");
        for (var i = 0; i < _options.Workers; i++)
        {
            StartWorker();
        }

        var producing = EnqueueAllAsync(connection, patience.Token);
        try
        {
            await DisturbAsync(started, producing, patience.Token);
            await producing;
            await WaitUntilSettledAsync(connection.GetDatabase(), patience.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            await _output.WriteLineAsync(FormattableString.Invariant($"not done within {_options.Patience.TotalMinutes:0.#} min"));
        }

        var stopped = await Task.WhenAll(_workers.Select(static worker => worker.StopAsync(StopPatience)));
        return await ReportAsync(connection, stopped.Count(static ended => !ended), Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Kills until everything is done.</summary>
    private async Task DisturbAsync(long started, Task producing, CancellationToken cancellationToken)
    {
        var nextKill = _options.KillEvery;
        var nextLine = TimeSpan.Zero;
        while (_ledgers.Done < _options.Tasks)
        {
            await Task.Delay(Turn, cancellationToken);
            if (producing.IsFaulted)
            {
                await producing;
            }

            _ledgers.Read();
            var elapsed = Stopwatch.GetElapsedTime(started);
            if (elapsed >= nextKill && _ledgers.Starts > 0)
            {
                nextKill = elapsed + _options.KillEvery;
                await ReplaceAsync(Random.Shared.Next(_workers.Count));
            }

            if (_restarts == 0 && _ledgers.Done >= _options.Tasks / 2)
            {
                await _redis.KillAsync();
                await Task.Delay(RedisAway, cancellationToken);
                await _redis.RestartAsync();
                _restarts++;
            }

            if (elapsed >= nextLine)
            {
                nextLine = elapsed + TimeSpan.FromSeconds(5);
                await _output.WriteLineAsync(FormattableString.Invariant(
                    $"{elapsed.TotalSeconds,5:0} s: {Volatile.Read(ref _enqueued)} enqueued, {_ledgers.Done} done, {_ledgers.Executions - _ledgers.Done} twice, {_kills} workers and {_restarts} Redis killed"));
            }
        }
    }

    private async Task ReplaceAsync(int index)
    {
        if (_workers[index].HasExited)
        {
            throw new InvalidOperationException($"A worker ended by itself; what it said is in {_directory}.");
        }

        await _workers[index].KillAsync();
        _workers[index].Dispose();
        _workers.RemoveAt(index);
        _kills++;
        StartWorker();
    }

    private void StartWorker() => _workers.Add(new WorkerProcess(_redis.EndPoint, _directory, _options.TaskMilliseconds));

    private async Task EnqueueAllAsync(ConnectionMultiplexer connection, CancellationToken cancellationToken)
    {
        var options = new RedisTaskQueueOptions { RunTasks = false };
        Worker.Configure(options);
        await using var queue = new RedisTaskQueue(KillTestOptions.QueueName, connection, options);
        await Parallel.ForAsync(0, _options.Tasks, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken }, async (number, stop) =>
        {
            // The key makes the repetition harmless: the queue may have taken the task and only the answer got lost.
            var task = BackgroundTask.ForMessage(new Numbered(number), (TaskPriority)(number % 3));
            task.DeduplicationKey = number.ToString(CultureInfo.InvariantCulture);
            while (true)
            {
                try
                {
                    await queue.EnqueueAsync(task, stop);
                    Interlocked.Increment(ref _enqueued);
                    return;
                }
                catch (Exception exception) when (exception is RedisException or TimeoutException)
                {
                    Interlocked.Increment(ref _enqueueErrors);
                    await Task.Delay(Turn, stop);
                }
            }
        });
    }

    /// <summary>
    /// What killed workers held is claimed and done once more, or found done, and their consumers are removed; nobody is
    /// killed now.
    /// </summary>
    private async Task WaitUntilSettledAsync(IDatabase database, CancellationToken cancellationToken)
    {
        while (await LengthAsync(database) + await database.SortedSetLengthAsync(_keys.Delayed) > 0
            || (await ConsumersAsync(database)).Any(consumer => !_workers.Any(worker => worker.Has(consumer))))
        {
            await Task.Delay(Turn, cancellationToken);
        }
    }

    private async Task<HashSet<string>> ConsumersAsync(IDatabase database)
    {
        var consumers = new HashSet<string>();
        foreach (var stream in _keys.Streams)
        {
            consumers.UnionWith((await database.StreamConsumerInfoAsync(stream, KillTestOptions.Group)).Select(static consumer => consumer.Name));
        }

        return consumers;
    }

    private async Task<long> LengthAsync(IDatabase database) => (await Task.WhenAll(_keys.Streams.Select(stream => database.StreamLengthAsync(stream)))).Sum();

    private async Task<KillTestReport> ReportAsync(ConnectionMultiplexer connection, int stopFailures, TimeSpan elapsed)
    {
        _ledgers.Read();
        var database = connection.GetDatabase();
        var pending = 0L;
        foreach (var stream in _keys.Streams)
        {
            pending += (await database.StreamGroupInfoAsync(stream)).Sum(static group => (long)group.PendingMessageCount);
        }

        var deduplication = 0L;
        await foreach (var _ in connection.GetServers().Single().KeysAsync(pattern: "tasks:{" + KillTestOptions.QueueName + "}:key:*"))
        {
            deduplication++;
        }

        return new KillTestReport
        {
            Wanted = _options.Tasks,
            Tasks = Volatile.Read(ref _enqueued),
            Done = _ledgers.Done,
            Executions = _ledgers.Executions,
            Starts = _ledgers.Starts,
            Kills = _kills,
            RedisRestarts = _restarts,
            EnqueueErrors = _enqueueErrors,
            Elapsed = elapsed,
            InStreams = await LengthAsync(database),
            Pending = pending,
            Delayed = await database.SortedSetLengthAsync(_keys.Delayed),
            DeadLetters = await database.StreamLengthAsync(_keys.Dead),
            DeduplicationKeys = deduplication,
            Consumers = (await ConsumersAsync(database)).Count,
            StopFailures = stopFailures,
        };
    }
}
