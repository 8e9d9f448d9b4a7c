using System.Diagnostics;
using StackExchange.Redis;

namespace Monitoring.Benchmarks.Redis;

/// <summary>What reading cost in one turn.</summary>
/// <param name="Nanoseconds">Time for each operation: of the whole turn, divided by the operations of all readers.</param>
/// <param name="ProcessorNanoseconds">Processor time for each operation, of the whole process; a busy machine changes it least.</param>
/// <param name="Bytes">Allocated for each operation, by the whole process.</param>
internal readonly record struct Cost(double Nanoseconds, double ProcessorNanoseconds, double Bytes);

/// <summary>
/// Pipelined GETs against a real server: so many readers on one connection, each waiting for its answer before it asks
/// again. The clients take turns of a second, round after round, so that a drift of the machine hits all alike.
/// </summary>
internal sealed class PipelinedReads(IReadOnlyList<PipelinedClient> clients, int rounds, TimeSpan turn)
{
    private static readonly RedisKey Key = "user:1234:profile";
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(300);

    /// <summary>By client, the cost of each round.</summary>
    public async Task<IReadOnlyDictionary<PipelinedClient, List<Cost>>> MeasureAsync(int inFlight)
    {
        foreach (var client in clients)
        {
            await TakeTurnAsync(client, inFlight, WarmUp);
        }

        var costs = clients.ToDictionary(static client => client, static _ => new List<Cost>());
        for (var round = 0; round < rounds; round++)
        {
            // Another one begins in each round: whoever follows a costly one inherits its garbage.
            for (var i = 0; i < clients.Count; i++)
            {
                var client = clients[(round + i) % clients.Count];
                costs[client].Add(await TakeTurnAsync(client, inFlight, turn));
            }
        }

        return costs;
    }

    private static async Task<Cost> TakeTurnAsync(PipelinedClient client, int inFlight, TimeSpan turn)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var processor = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(turn.TotalSeconds * Stopwatch.Frequency);
        var counts = await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(() => ReadAsync(client.Get, end))));
        client.EverySecond?.Invoke();
        var elapsed = Stopwatch.GetElapsedTime(start);
        var operations = (double)counts.Sum();
        var used = Environment.CpuUsage.TotalTime - processor;
        return new Cost(elapsed.TotalNanoseconds / operations, used.TotalNanoseconds / operations, (GC.GetTotalAllocatedBytes(precise: true) - allocated) / operations);
    }

    private static async Task<long> ReadAsync(Func<RedisKey, Task<RedisValue>> get, long end)
    {
        var count = 0L;
        while (Stopwatch.GetTimestamp() < end)
        {
            var value = await get(Key);
            if (value.IsNull)
            {
                throw new InvalidOperationException($"'{Key}' has gone.");
            }

            count++;
        }

        return count;
    }

    /// <summary>Writes the value that is read.</summary>
    public static async Task PrepareAsync(string endPoint)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(endPoint);
        await connection.GetDatabase().StringSetAsync(Key, new string('x', 100));
    }
}
