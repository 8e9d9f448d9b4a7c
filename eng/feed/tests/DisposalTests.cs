namespace StandIns.Tests;

[Collection(Alone.Name)]
public sealed class DisposalTests(SharedServer server)
{
    [Theory]
    [InlineData(Wire.Resp2)]
    [InlineData(Wire.Tls)]
    public async Task Every_request_in_flight_ends_when_the_client_is_disposed(Wire wire)
    {
        for (var round = 0; round < 10; round++)
        {
            var redis = await server.ConnectAsync(wire);
            var db = redis.GetDatabase();
            var list = Client.Key();
            await db.ListRightPushAsync(list, Enumerable.Range(0, 1_000).Select(i => (RedisValue)i).ToArray());

            // Array replies, so that the parser is at work in its arena when the arena goes.
            var requests = Enumerable.Range(0, 500).Select(_ => db.ListRangeAsync(list)).ToArray();
            await requests[round * 20];
            redis.Dispose();

            await Task.WhenAll(requests.Select(r => Task.WhenAny(r))).WaitAsync(Client.Patience);
            requests.Where(r => r.IsCompletedSuccessfully).Should().OnlyContain(r => r.Result.Length == 1_000 && (int)r.Result[999] == 999);
        }
    }

    [Fact]
    public async Task Disposing_twice_and_from_two_sides_is_harmless()
    {
        var redis = await server.ConnectAsync();
        var list = Client.Key();

        await Task.WhenAll(
            Task.Run(redis.Dispose),
            Task.Run(redis.Dispose),
            Task.Run(async () => await redis.DisposeAsync()),
            Task.Run(() => redis.Close()));
        redis.Dispose();

        var asking = () => redis.GetDatabase().StringGetAsync(list);
        await asking.Should().ThrowAsync<ObjectDisposedException>();
    }

    [Theory]
    [InlineData(Wire.Resp2)]
    [InlineData(Wire.Tls)]
    public async Task Clients_that_come_and_go_leave_no_threads_and_no_sockets(Wire wire)
    {
        async Task ComeAndGoAsync(int times)
        {
            for (var i = 0; i < times; i++)
            {
                using var manager = new SocketManager($"manager {i}");
                await using var redis = await server.ConnectAsync(wire, o => o.SocketManager = manager);
                await redis.GetDatabase().PingAsync();
            }
        }

        await ComeAndGoAsync(3);
        var sockets = OwnSockets();
        await ComeAndGoAsync(25);

        // The last ones take a moment to go.
        await Client.UntilAsync(() => ManagersThreads() == 0, "the schedulers' threads have ended");
        await Client.UntilAsync(() => OwnSockets() <= sockets + 2, "the sockets are closed");
    }

    [Theory]
    [InlineData(Wire.Resp2)]
    [InlineData(Wire.Tls)]
    public async Task Sixty_four_tasks_run_without_an_error_and_without_growing(Wire wire)
    {
        await using var redis = await server.ConnectAsync(wire);
        var db = redis.GetDatabase();
        async Task<long> LoadAsync(TimeSpan length)
        {
            using var end = new CancellationTokenSource(length);
            var counts = await Task.WhenAll(Enumerable.Range(0, 64).Select(worker => Task.Run(async () =>
            {
                RedisKey key = $"load:{worker}";
                long count = 0;
                for (; !end.IsCancellationRequested; count++)
                {
                    await db.StringSetAsync(key, count);
                    var read = (long)await db.StringGetAsync(key);
                    if (read != count)
                        throw new InvalidOperationException($"Worker {worker} wrote {count} and read {read}.");
                }

                return count;
            })));
            return counts.Sum();
        }

        await LoadAsync(TimeSpan.FromSeconds(1));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var operations = 2 * await LoadAsync(TimeSpan.FromSeconds(3));
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;

        operations.Should().BeGreaterThan(10_000);
        grown.Should().BeLessThan(4 << 20, "{0} operations are over and nothing is in flight", operations);
    }

    private static int ManagersThreads() => Directory.GetDirectories("/proc/self/task")
        .Count(task => ThreadName(task).StartsWith("manager", StringComparison.Ordinal));

    private static string ThreadName(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm"));
        }
        catch (IOException)
        {
            return "a thread that has just ended";
        }
    }

    private static int OwnSockets() => Directory.GetFiles("/proc/self/fd")
        .Count(handle => new FileInfo(handle).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);
}
