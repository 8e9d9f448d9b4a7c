using FsCheck;
using FsCheck.Fluent;
using Monitoring.TaskQueues;
using static Monitoring.Core.Tests.TaskQueues.QueueTesting;

namespace Monitoring.Core.Tests.TaskQueues;

/// <summary>Who is next, and who gets a place.</summary>
public sealed class BoundedTaskQueueFairnessTests
{
    [Fact]
    public async Task Gives_turns_by_weight_the_most_urgent_first_within_a_round()
    {
        var queue = Queue(options => (options.HighWeight, options.NormalWeight, options.LowWeight) = (3, 2, 1));
        foreach (var priority in Enum.GetValues<TaskPriority>())
        {
            for (var i = 0; i < 6; i++)
            {
                await queue.EnqueueAsync(NewTask(priority));
            }
        }

        (await queue.TakePrioritiesAsync(18)).Should().Be("HHHNNLHHHNNLNNLLLL");
    }

    [Fact]
    public async Task An_urgent_task_goes_before_all_others_in_a_new_round()
    {
        var queue = Queue(options => (options.HighWeight, options.NormalWeight, options.LowWeight) = (2, 1, 1));
        foreach (var priority in new[] { TaskPriority.Low, TaskPriority.Low, TaskPriority.Normal, TaskPriority.Normal })
        {
            await queue.EnqueueAsync(NewTask(priority));
        }

        (await queue.TakePrioritiesAsync(1)).Should().Be("N");
        await queue.EnqueueAsync(NewTask(TaskPriority.High));
        (await queue.TakePrioritiesAsync(4)).Should().Be("HLNL");
    }

    [Fact]
    public void No_lane_waits_for_more_turns_than_the_others_have_in_two_rounds() =>
        Prop.ForAll(Gen.Choose(1, 20).ArrayOf(3).ToArbitrary(), Gen.Choose(0, 11).ArrayOf().ToArbitrary(), HeadsWaitNoLonger).QuickCheckThrowOnFailure();

    [Fact]
    public void A_lane_has_its_own_capacity_within_the_shared_one()
    {
        var queue = Queue(options => (options.Capacity, options.LowCapacity, options.FullMode) = (5, 2, TaskQueueFullMode.Reject));

        Enumerable.Range(0, 3).Select(_ => queue.TryEnqueue(NewTask(TaskPriority.Low))).Should().Equal(true, true, false);
        Enumerable.Range(0, 4).Select(_ => queue.TryEnqueue(NewTask(TaskPriority.High))).Should().Equal(true, true, true, false);
        queue.GetDepth().Should().Be(new TaskQueueDepth(3, 0, 2));
    }

    [Fact]
    public async Task A_full_lane_says_its_own_capacity_when_it_rejects()
    {
        var queue = Queue(options => (options.Capacity, options.LowCapacity, options.FullMode) = (5, 1, TaskQueueFullMode.Reject));
        await queue.EnqueueAsync(NewTask(TaskPriority.Low));

        var enqueue = async () => await queue.EnqueueAsync(NewTask(TaskPriority.Low));

        var exception = (await enqueue.Should().ThrowAsync<TaskQueueFullException>()).Which;
        (exception.Depth, exception.Capacity).Should().Be((1, 1));
    }

    [Fact]
    public async Task Those_who_wait_for_a_full_lane_do_not_hold_up_the_others()
    {
        var queue = Queue(options => (options.Capacity, options.LowCapacity) = (3, 1));
        await queue.EnqueueAsync(NewTask(TaskPriority.Low));
        var waiting = queue.EnqueueAsync(NewTask(TaskPriority.Low)).AsTask();

        (await queue.EnqueueAsync(NewTask(TaskPriority.High))).Should().Be(EnqueueOutcome.Accepted);
        (await queue.TakePrioritiesAsync(1)).Should().Be("H");
        waiting.IsCompleted.Should().BeFalse();
        (await queue.TakePrioritiesAsync(1)).Should().Be("L");
        (await waiting).Should().Be(EnqueueOutcome.Accepted);
    }

    private static bool HeadsWaitNoLonger(int[] weights, int[] arrivals)
    {
        var queue = Queue(options => (options.Capacity, options.HighWeight, options.NormalWeight, options.LowWeight) = (10_000, weights[0], weights[1], weights[2]));
        var waited = new int[3];
        foreach (var arrival in arrivals)
        {
            queue.TryEnqueue(NewTask((TaskPriority)(arrival % 3)));
            if (arrival % 4 == 0)
            {
                continue;
            }

            var depth = queue.GetDepth();
            if (depth.Total == 0)
            {
                continue;
            }

            var taken = queue.DequeueAsync(default).AsTask().GetAwaiter().GetResult().Priority;
            for (var lane = 0; lane < 3; lane++)
            {
                waited[lane] = depth.Of((TaskPriority)lane) == 0 || lane == (int)taken ? 0 : waited[lane] + 1;
                if (waited[lane] > 2 * (weights.Sum() - weights[lane]))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static BoundedTaskQueue Queue(Action<TaskQueueOptions> configure)
    {
        var options = new TaskQueueOptions();
        configure(options);
        return new BoundedTaskQueue(options);
    }
}
