using Monitoring.Backpressure;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Backpressure;

/// <summary>Each signal beyond the first three at its threshold, and where it has to keep silent.</summary>
public sealed class BackpressureRulesTests
{
    private static readonly BackpressureOptions Options = new();
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private static readonly BackpressureSignals Calm = new()
    {
        Depth = 100,
        Capacity = 1000,
        Workers = 8,
        Busy = 8,
        Window = Window,
        ServiceTime = TimeSpan.FromMilliseconds(80),
        AverageProcessingTime = TimeSpan.FromMilliseconds(80),
        Attempts = 800,
        SeesProgress = true,
        Lanes = [Lane(minimum: 0.1, age: 0.9)],
    };

    // 120 arrive and 80 are done a second, for ten seconds.
    private static readonly BackpressureSignals Overloaded = Calm with
    {
        Depth = 440,
        Growth = 400,
        Risen = 3,
        Arrivals = 1200,
        Completions = 800,
        ArrivalRate = 120,
        CompletionRate = 80,
        AverageProcessingTime = TimeSpan.FromMilliseconds(100),

        // Too few for Little's law to be sure.
        Attempts = 10,
    };

    [Fact]
    public void A_calm_queue_is_calm() => Evaluate(Calm).Level.Should().Be(BackpressureLevel.None);

    [Fact]
    public void Arrivals_say_how_fast_where_to_and_how_many_workers_would_keep_up()
    {
        var status = Evaluate(Overloaded);

        status.Signals.Should().Equal(BackpressureSignal.Arrivals);
        status.Reasons.Should().Equal("Arrivals 120/s, completions 80/s: full in 14 s; 12 workers would keep up.");
        status.Level.Should().Be(BackpressureLevel.Elevated);
    }

    [Fact]
    public void Arrivals_keep_silent_about_batches_chance_small_matters_and_what_others_take()
    {
        Evaluate(Overloaded with { Risen = 2 }).IsDetected.Should().BeFalse("a batch raises the depth once or twice");
        Evaluate(Overloaded with { Arrivals = 12, Completions = 8 }).IsDetected.Should().BeFalse("that is chance");
        Evaluate(Overloaded with { Depth = 40, Capacity = 100_000 }).IsDetected.Should().BeFalse("it is full in half an hour and nobody waits long");
        Evaluate(Overloaded with { Growth = 10 }).IsDetected.Should().BeFalse("others take from the queue: it does not grow as our counts say");
        Evaluate(Overloaded with { Arrivals = 0, Completions = 0 }).IsDetected.Should().BeFalse("nothing is known of rates");
    }

    [Fact]
    public void Arrivals_speak_of_an_unbounded_queue_once_its_tasks_wait_too_long()
    {
        var unbounded = Overloaded with { Capacity = 0, Depth = 90, Growth = 400 };

        Evaluate(unbounded).IsDetected.Should().BeFalse();
        Evaluate(unbounded with { Depth = 130 }).Reasons.Should().Equal("Arrivals 120/s, completions 80/s: the queue grows; 12 workers would keep up.");
    }

    [Fact]
    public void Tasks_refused_by_a_full_queue_arrive_too()
    {
        var status = Evaluate(Overloaded with { Depth = 1000, Growth = 0, ArrivalRate = 80, RejectionRate = 40 });

        status.Reasons[0].Should().Be("Arrivals 120/s, completions 80/s: the queue is full; 12 workers would keep up.");
        status.EstimatedDrainTime.Should().BeNull();
    }

    [Theory]
    [InlineData(1.0, false)]
    [InlineData(1.1, true)]
    public void The_shortest_wait_of_a_window_speaks_of_a_standing_queue(double minimum, bool holds)
    {
        var status = Evaluate(Calm with { Lanes = [Lane(minimum, age: 5)] });

        status.Signals.Contains(BackpressureSignal.Sojourn).Should().Be(holds);
        status.MinimumSojourn.Should().Be(TimeSpan.FromSeconds(minimum));
    }

    [Fact]
    public void The_lane_that_stands_the_longest_is_named()
    {
        var lanes = new[] { Lane(0.1, 0.2) with { Name = "high" }, Lane(0.3, 1) with { Name = "normal" }, Lane(8, 12) with { Name = "low" } };

        Evaluate(Calm with { Lanes = lanes }).Reasons.Should().Equal("No task of low priority waited less than 8 s in the last 10 s; the target is 1 s.");
    }

    [Fact]
    public void Where_nothing_is_handed_out_the_age_speaks_after_a_window()
    {
        Evaluate(Calm with { Lanes = [Lane(null, 9.9)] }).IsDetected.Should().BeFalse();
        Evaluate(Calm with { Lanes = [Lane(null, 10)] }).Reasons.Should().Equal("No task was handed out in the last 10 s, and the oldest has been waiting for 10 s; the target is 1 s.");
        Evaluate(Calm with { Lanes = [Lane(null, 20) with { SeesSojourn = false }] }).IsDetected.Should().BeFalse("of a queue elsewhere no waits are seen");
        Evaluate(Calm with { Lanes = [Lane(50, null)] }).IsDetected.Should().BeFalse("nothing waits any more");
    }

    [Fact]
    public void Long_tasks_may_wait_longer()
    {
        // 100 × 5 s / 8 = 62.5 s.
        var slow = Calm with { ServiceTime = TimeSpan.FromSeconds(5) };

        Evaluate(slow with { Lanes = [Lane(60, 62)] }).IsDetected.Should().BeFalse();
        Evaluate(slow with { Lanes = [Lane(63, 64)] }).Signals.Should().Equal(BackpressureSignal.Sojourn, BackpressureSignal.OldestTask);
    }

    [Theory]
    [InlineData(30, false)]
    [InlineData(31, true)]
    public void The_oldest_task_is_told_of_a_queue_of_others_too(double age, bool holds)
    {
        var status = Evaluate(new BackpressureSignals { Depth = 3, Window = Window, Lanes = [Lane(null, age) with { SeesSojourn = false }] });

        status.Reasons.Should().BeEquivalentTo(holds ? ["The oldest task has been waiting for 31 s; the limit is 30 s."] : Array.Empty<string>());
        status.OldestTaskAge.Should().Be(TimeSpan.FromSeconds(age));
    }

    [Fact]
    public void Too_few_workers_are_told_by_littles_law_where_tasks_wait_for_them()
    {
        var busy = Calm with { Arrivals = 1200, Completions = 1200, ArrivalRate = 120, CompletionRate = 120, AverageProcessingTime = TimeSpan.FromMilliseconds(100) };

        Evaluate(busy).IsDetected.Should().BeFalse("nobody waits long");
        Evaluate(busy with { Depth = 200 }).Reasons.Should().Equal("The work needs 12 workers, and there are 8.");
        Evaluate(busy with { Depth = 200, Attempts = 10 }).IsDetected.Should().BeFalse("ten attempts may be chance");
        Evaluate(busy with { Depth = 200, Workers = null }).IsDetected.Should().BeFalse("nobody knows how many there are");
    }

    [Fact]
    public void Busy_workers_are_no_backpressure_while_nobody_waits_for_them()
    {
        Evaluate(Calm with { UtilizationPercent = 100, Depth = 0, Lanes = [Lane(0, null)] }).IsDetected.Should().BeFalse();
        Evaluate(Calm with { UtilizationPercent = 100 }).IsDetected.Should().BeFalse();
        Evaluate(Calm with { UtilizationPercent = 100, Lanes = [Lane(0.1, 0.2) with { Name = "high" }, Lane(0.1, 2) with { Name = "low" }] }).IsDetected.Should().BeFalse("low priority waits for its turn, not for workers");
        Evaluate(Calm with { UtilizationPercent = 100, Depth = 130 }).Signals.Should().Equal(BackpressureSignal.Utilization);
        Evaluate(Calm with { UtilizationPercent = 100, ServiceTime = default, Lanes = [Lane(0.1, 2)] }).Signals.Should().Equal(BackpressureSignal.Utilization);
    }

    [Theory]
    [InlineData(30, 0, false)]
    [InlineData(31, 0, true)]
    [InlineData(31, 60, false)] // while all workers are busy each may take its timeout
    [InlineData(61, 60, true)]
    public void No_progress_is_severe(double seconds, double timeout, bool holds)
    {
        var status = Evaluate(Calm with { Standstill = TimeSpan.FromSeconds(seconds), TaskTimeout = TimeSpan.FromSeconds(timeout) });

        status.Level.Should().Be(holds ? BackpressureLevel.Severe : BackpressureLevel.None);
        status.Reasons.Should().BeEquivalentTo(holds ? [$"100 tasks wait, and nothing was started or ended for {seconds:0} s; 8 of 8 workers are busy."] : Array.Empty<string>());
    }

    [Fact]
    public void Without_workers_it_is_told_after_a_window()
    {
        var alone = Calm with { Depth = 1, Workers = 0, Busy = 0 };

        Evaluate(alone with { Standstill = Window }).IsDetected.Should().BeFalse("workers may start a little later than their queue");
        Evaluate(alone with { Standstill = TimeSpan.FromSeconds(11) }).Should().BeEquivalentTo(new
        {
            Level = BackpressureLevel.Severe,
            Signals = new[] { BackpressureSignal.NoWorkers },
            Reasons = new[] { "1 task waits and there is no worker." },
        });
        Evaluate(alone with { Standstill = TimeSpan.FromSeconds(11), Workers = null }).IsDetected.Should().BeFalse("nobody knows");
    }

    [Fact]
    public void A_paused_queue_is_not_without_progress_and_says_that_it_is_paused()
    {
        var paused = Calm with { IsPaused = true, Standstill = TimeSpan.FromHours(1), Lanes = [Lane(null, 25)] };

        Evaluate(paused).IsDetected.Should().BeFalse();
        Evaluate(paused with { Lanes = [Lane(null, 600)] }).Reasons.Should().Equal(
            "The oldest task has been waiting for 10 min; the limit is 30 s.", "The queue is paused.");
    }

    [Theory]
    [InlineData(100, 10, false)]
    [InlineData(100, 11, true)]
    [InlineData(4, 4, false)] // too few to say anything
    public void Redeliveries_are_told_by_their_share(long deliveries, long redelivered, bool holds)
    {
        Evaluate(Calm with { Deliveries = deliveries, Redelivered = redelivered }).Reasons.Should().BeEquivalentTo(
            holds ? ["11 of 100 deliveries in the last 10 s were of tasks that a worker had been given before; the limit is 10 %."] : Array.Empty<string>());
    }

    private static LaneSignals Lane(double? minimum, double? age) =>
        new(null, minimum is { } wait ? TimeSpan.FromSeconds(wait) : null, age is { } old ? TimeSpan.FromSeconds(old) : null, SeesSojourn: true);

    private static BackpressureStatus Evaluate(BackpressureSignals signals) => new BackpressureDetector(new FakeClock()).Evaluate(signals, Options);
}
