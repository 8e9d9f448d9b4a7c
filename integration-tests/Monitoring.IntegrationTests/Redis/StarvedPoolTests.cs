using System.Diagnostics;
using Monitoring.Redis;
using Monitoring.TestSupport;

namespace Monitoring.IntegrationTests.Redis;

/// <summary>Tests that starve the process of threads, and therefore run while no other test does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(Alone))]
public sealed class StarvedPoolTests
{
    [Fact]
    public async Task A_starved_thread_pool_is_blamed_on_the_client()
    {
        await using var server = await ServerProcess.StartRedisAsync();
        await using var stage = await VerdictStage.StartAsync(server.EndPoint);
        await stage.WaitForSourcesAsync("ping", "thread-pool");
        var window = TimeSpan.FromSeconds(5);

        RedisLatencyVerdict verdict;
        using (new BlockedWorkers())
        {
            // Again where a bad moment of the machine may have been in the window.
            var rounds = 0;
            do
            {
                // Not a thread of the pool, as a request's thread is not free to be taken by others either.
                var reader = new Thread(() => Read(stage, TimeSpan.FromSeconds(4))) { IsBackground = true };
                reader.Start();
                reader.Join();
                verdict = stage.Verdict(window);
            }
            while (!IsBlamed(verdict) && ++rounds < 5);
        }

        IsBlamed(verdict).Should().BeTrue("the PINGs do not need the pool: {0}: {1}", verdict.Cause, verdict.Explanation);
    }

    private static bool IsBlamed(RedisLatencyVerdict verdict) => verdict is { Cause: RedisLatencyCause.Client, NetworkPercent: < 20 };

    private static void Read(VerdictStage stage, TimeSpan duration)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            ((IAsyncResult)stage.Database.StringGetAsync("small")).AsyncWaitHandle.WaitOne();
        }
    }

    /// <summary>Work items that block the workers of the pool, more of them than workers, until it is disposed.</summary>
    private sealed class BlockedWorkers : IDisposable
    {
        private const int Items = 32;
        private static readonly TimeSpan Block = TimeSpan.FromMilliseconds(50);

        private readonly (int Workers, int Ports) _minimum;
        private readonly (int Workers, int Ports) _maximum;
        private readonly CountdownEvent _running = new(Items);
        private volatile bool _stopping;

        public BlockedWorkers()
        {
            ThreadPool.GetMinThreads(out _minimum.Workers, out _minimum.Ports);
            ThreadPool.GetMaxThreads(out _maximum.Workers, out _maximum.Ports);
            var workers = Math.Max(Environment.ProcessorCount, 4);
            ThreadPool.SetMinThreads(Math.Min(_minimum.Workers, workers), _minimum.Ports);
            ThreadPool.SetMaxThreads(workers, _maximum.Ports).Should().BeTrue();
            for (var i = 0; i < Items; i++)
            {
                Queue();
            }
        }

        public void Dispose()
        {
            _stopping = true;
            _running.Wait();
            ThreadPool.SetMaxThreads(_maximum.Workers, _maximum.Ports);
            ThreadPool.SetMinThreads(_minimum.Workers, _minimum.Ports);
            _running.Dispose();
        }

        private void Queue() => ThreadPool.UnsafeQueueUserWorkItem(
            static blocked =>
            {
                Thread.Sleep(Block);
                if (blocked._stopping)
                {
                    blocked._running.Signal();
                }
                else
                {
                    blocked.Queue();
                }
            },
            this,
            preferLocal: false);
    }
}
