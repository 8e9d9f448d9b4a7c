using Monitoring.Latency;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Latency;

public class WindowedCounterTests
{
    private readonly FakeClock _time = new();
    private readonly WindowedCounter _counter;

    public WindowedCounterTests() => _counter = new WindowedCounter(new SliceClock(_time));

    [Fact]
    public void Counts_at_once_in_any_window()
    {
        _counter.Add();
        _counter.Add(4);

        _counter.GetCount(TimeSpan.Zero).Should().Be(5);
        _counter.GetCount(TimeSpan.FromHours(1)).Should().Be(5);
        _counter.TotalCount.Should().Be(5);
    }

    [Fact]
    public void The_window_slides_by_the_second()
    {
        for (var second = 0; second < 100; second++)
        {
            _counter.Add();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _counter.GetCount(TimeSpan.FromSeconds(10)).Should().Be(10);
        _counter.GetCount(TimeSpan.FromSeconds(60)).Should().Be(60);
        _counter.GetCount(TimeSpan.FromHours(1)).Should().Be(100);
    }

    [Fact]
    public void Beyond_an_hour_only_the_total_remembers()
    {
        for (var minute = 0; minute < 100; minute++)
        {
            _counter.Add();
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        _counter.GetCount(TimeSpan.FromHours(1)).Should().Be(60);
        _counter.GetCount(TimeSpan.FromDays(1)).Should().Be(60);
        _counter.TotalCount.Should().Be(100);
        _time.Advance(TimeSpan.FromHours(2));
        _counter.GetCount(TimeSpan.FromHours(1)).Should().Be(0);
    }

    [Fact]
    public void Adding_allocates_nothing()
    {
        _counter.Add();
        Allocations.Least(() =>
        {
            for (var i = 0; i < 100_000; i++)
            {
                _counter.Add();
            }
        }).Should().Be(0);
    }
}
