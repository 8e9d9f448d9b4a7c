using Quartz;

namespace Monitoring.Benchmarks.Queues;

/// <summary>Quartz.NET with its store in memory and its defaults: a durable job that does nothing, triggered once for each task.</summary>
internal sealed class QuartzQueue() : QueueContender(Row, batch: 2_000)
{
    public const string Row = "Quartz.NET, store in memory";

    private static readonly JobKey Key = new("no-op");

    // The scheduler makes the jobs; there is one of us.
    private static QuartzQueue? Current;
    private IScheduler _scheduler = null!;

    public override async Task StartAsync()
    {
        Current = this;
        _scheduler = await QuartzSchedulerBuilder.Create().BuildScheduler();
        await _scheduler.AddJob(JobBuilder.Create<NoOpJob>().WithIdentity(Key).StoreDurably().Build());
        await _scheduler.Start();
    }

    public override async ValueTask DisposeAsync() => await _scheduler.Shutdown(waitForJobsToComplete: true);

    protected override async Task EnqueueBatchAsync()
    {
        for (var i = 0; i < Batch; i++)
        {
            await _scheduler.TriggerJob(Key);
        }
    }

    private sealed class NoOpJob : IJob
    {
        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
        {
            Current!.DoNothingInParallel();
            return default;
        }
    }
}
