using Monitoring.Latency;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Latency;

public class SliceClockTests
{
    [Fact]
    public void Threads_may_register_while_it_ticks()
    {
        var time = new FakeClock();
        using var clock = new SliceClock(time);
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < 200; i++)
            {
                new WindowedCounter(clock).Add();
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        while (threads.Exists(thread => thread.IsAlive))
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }

        var last = new Closings();
        clock.Register(last);
        time.Advance(TimeSpan.FromSeconds(3));

        last.Seconds.Should().HaveCount(3).And.BeInAscendingOrder();
    }

    [Fact]
    public void A_closing_that_fails_keeps_nothing_else_from_being_closed()
    {
        var time = new FakeClock();
        using var clock = new SliceClock(time);
        var failing = new Closings { Fails = true };
        var other = new Closings();
        clock.Register(failing);
        clock.Register(other);

        time.Advance(TimeSpan.FromSeconds(2));

        failing.Seconds.Should().HaveCount(2);
        other.Seconds.Should().HaveCount(2);
        FluentActions.Invoking(clock.Tick).Should().Throw<InvalidOperationException>("the monitor's loop reports it");
    }

    [Fact]
    public void A_disposed_clock_ticks_no_more()
    {
        var time = new FakeClock();
        var clock = new SliceClock(time);
        var closings = new Closings();
        clock.Register(closings);
        clock.Dispose();

        time.Advance(TimeSpan.FromSeconds(5));

        closings.Seconds.Should().BeEmpty();
    }

    private sealed class Closings : ISliced
    {
        public bool Fails { get; init; }

        public List<long> Seconds { get; } = [];

        public void Close(long second)
        {
            Seconds.Add(second);
            if (Fails)
            {
                throw new InvalidOperationException("closing failed");
            }
        }
    }
}
