using Monitoring.Latency;
using Monitoring.Redis;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Redis;

public sealed class RedisProbeTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeClock _clock = new();
    private readonly SliceClock _slices;
    private readonly Queue<IThreadPoolWorkItem> _pool = new();
    private readonly SchedulingDelayProbe _scheduling;
    private readonly RedisRoundTrips _roundTrips;
    private readonly RedisClientQueues _queues;

    public RedisProbeTests()
    {
        _slices = new SliceClock(_clock);
        _scheduling = new SchedulingDelayProbe(_slices, _pool.Enqueue);
        _roundTrips = new RedisRoundTrips(_slices);
        _queues = new RedisClientQueues(_slices);
    }

    [Fact]
    public void Says_nothing_before_anything_was_measured()
    {
        _scheduling.GetDelay(Minute).Should().BeNull();
        _scheduling.GetPause(Minute).Should().Be(TimeSpan.Zero);
        _roundTrips.Read(Minute).Should().BeNull();
        _queues.GetTimes(Minute).Should().BeNull();
    }

    [Fact]
    public void Measures_how_long_a_work_item_waits_for_a_thread()
    {
        Tick();
        _clock.Advance(Ms(30));
        _pool.Dequeue().Execute();

        Delay().Should().BeApproximately(30, 1);
        _scheduling.GetPause(Minute).Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void A_starved_pool_shows_before_it_has_run_anything_and_its_queue_is_not_lengthened()
    {
        Tick();
        for (var i = 0; i < 10; i++)
        {
            _clock.Advance(Ms(100));
            Tick();
        }

        _pool.Should().ContainSingle();
        Delay().Should().BeApproximately(550, 18, "the ages are 100, 200, … 1,000 ms");

        _clock.Advance(Ms(100));
        _pool.Dequeue().Execute();
        Delay().Should().BeApproximately(600, 20, "items of all ticks would have waited 100, 200, … 1,100 ms");
    }

    [Fact]
    public void A_pause_of_the_whole_process_counts_from_when_the_tick_was_due()
    {
        var due = _clock.GetTimestamp();
        _clock.Advance(Ms(80));
        _scheduling.Tick(due);
        _clock.Advance(Ms(20));
        _pool.Dequeue().Execute();

        Delay().Should().BeApproximately(100, 4);
        _scheduling.GetPause(Minute).TotalMilliseconds.Should().BeApproximately(80, 3);
    }

    [Fact]
    public void A_delay_is_forgotten_when_it_leaves_the_window()
    {
        Tick();
        _clock.Advance(Ms(500));
        _pool.Dequeue().Execute();
        _clock.Advance(TimeSpan.FromSeconds(90));
        Tick();
        _pool.Dequeue().Execute();

        Delay().Should().Be(0);
        _scheduling.GetDelay(TimeSpan.FromMinutes(5))!.Value.TotalMilliseconds.Should().BeApproximately(250, 10);
    }

    [Fact]
    public void A_slow_ping_stands_for_those_that_could_not_be_sent_meanwhile()
    {
        _roundTrips.Record(Ms(1000), interval: Ms(100));

        _roundTrips.Read(Minute)!.Value.Pings.Count.Should().Be(10);
        _roundTrips.Read(Minute)!.Value.Pings.Average.TotalMilliseconds.Should().BeApproximately(550, 20);
    }

    [Fact]
    public void The_floor_outlasts_a_short_window()
    {
        _roundTrips.Record(Ms(1), Ms(100));
        _clock.Advance(TimeSpan.FromMinutes(3));
        _roundTrips.Record(Ms(50), Ms(100));

        var (pings, floor) = _roundTrips.Read(Minute)!.Value;

        pings.Minimum.Should().Be(Ms(50));
        floor.Should().Be(Ms(1));
    }

    [Fact]
    public void The_greatest_excesses_go_to_the_share_of_time_in_which_the_server_was_busy()
    {
        for (var i = 0; i < 9; i++)
        {
            _roundTrips.Record(Ms(2), Ms(100));
        }

        _roundTrips.Record(Ms(92), Ms(100));
        var (pings, _) = _roundTrips.Read(Minute)!.Value;

        ProbeExcess.ShareOfGreatest(pings, Ms(1), 0).Should().Be(0);
        ProbeExcess.ShareOfGreatest(pings, Ms(1), 0.1).Should().BeApproximately(0.91, 0.02);
        ProbeExcess.ShareOfGreatest(pings, Ms(1), 0.5).Should().BeApproximately(0.95, 0.02);
        ProbeExcess.ShareOfGreatest(pings, Ms(1), 1).Should().Be(1);
        ProbeExcess.ShareOfGreatest(pings, Ms(100), 1).Should().Be(0, "nothing is above that floor");
    }

    [Fact]
    public void Commands_in_a_queue_spend_the_time_for_which_they_are_seen_there()
    {
        _queues.Add(unsent: 3, awaitingCompletion: 0, Ms(1000));
        _queues.Add(unsent: 0, awaitingCompletion: 2, Ms(500));

        _queues.GetTimes(Minute).Should().Be((Ms(3000), Ms(1000)));
    }

    private double Delay() => _scheduling.GetDelay(Minute)!.Value.TotalMilliseconds;

    private void Tick() => _scheduling.Tick(_clock.GetTimestamp());

    private static TimeSpan Ms(double value) => TimeSpan.FromMilliseconds(value);
}
