using Pipelines.Sockets.Unofficial;

namespace StandIns.Tests;

public sealed class SchedulerTests
{
    [Fact]
    public async Task All_work_runs_once_whoever_schedules_it()
    {
        using var scheduler = new DedicatedThreadPoolPipeScheduler("test", workerCount: 3, useThreadPoolQueueLength: 5);
        var runs = new int[40_000];
        var left = runs.Length;
        var done = new TaskCompletionSource();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(part => Task.Run(() =>
        {
            for (var i = part; i < runs.Length; i += 8)
            {
                scheduler.Schedule(
                    state =>
                    {
                        Interlocked.Increment(ref runs[(int)state!]);
                        if (Interlocked.Decrement(ref left) == 0)
                            done.SetResult();
                    },
                    i);
            }
        })));

        await done.Task.WaitAsync(Client.Patience);
        runs.Should().OnlyContain(times => times == 1);
        (scheduler.TotalServicedByQueue + scheduler.TotalServicedByPool).Should().Be(runs.Length);
    }

    [Fact]
    public async Task Work_waits_for_no_worker_that_is_stuck()
    {
        using var scheduler = new DedicatedThreadPoolPipeScheduler("test", workerCount: 2, useThreadPoolQueueLength: 1);
        using var stuck = new ManualResetEventSlim();
        try
        {
            for (var i = 0; i < 2; i++)
                scheduler.Schedule(_ => stuck.Wait(), null);

            await Client.UntilAsync(() => scheduler.AvailableCount == 0, "both workers are stuck");

            // What the queue does not take, the thread pool does.
            var ran = 0;
            for (var i = 0; i < 10; i++)
                scheduler.Schedule(_ => Interlocked.Increment(ref ran), null);

            await Client.UntilAsync(() => Volatile.Read(ref ran) >= 8, "the thread pool has helped");
            scheduler.AvailableCount.Should().Be(0);
        }
        finally
        {
            stuck.Set();
        }
    }

    [Fact]
    public async Task Work_after_the_end_still_runs()
    {
        var scheduler = new DedicatedThreadPoolPipeScheduler("test", workerCount: 2);
        scheduler.Dispose();
        scheduler.Dispose();
        var ran = new TaskCompletionSource();

        scheduler.Schedule(_ => ran.SetResult(), null);

        await ran.Task.WaitAsync(Client.Patience);
    }
}
