using Monitoring.Latency;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Latency;

public class LatencyRecorderTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly FakeClock _time = new();
    private readonly SliceClock _clock;
    private readonly LatencyRecorder _recorder;

    public LatencyRecorderTests()
    {
        _clock = new SliceClock(_time);
        _recorder = new LatencyRecorder(_clock);
    }

    [Fact]
    public void An_empty_window_is_all_zeros()
    {
        var snapshot = _recorder.GetSnapshot(Hour);

        snapshot.Count.Should().Be(0);
        snapshot.Average.Should().Be(TimeSpan.Zero);
        snapshot.Minimum.Should().Be(TimeSpan.Zero);
        snapshot.Maximum.Should().Be(TimeSpan.Zero);
        snapshot.P99.Should().Be(TimeSpan.Zero);
        snapshot.GetPercentWithin(TimeSpan.FromSeconds(1)).Should().Be(0);
    }

    [Fact]
    public void What_is_recorded_is_seen_at_once()
    {
        Record(10, 20, 30);

        var snapshot = _recorder.GetSnapshot(TimeSpan.Zero);

        snapshot.Count.Should().Be(3);
        snapshot.Minimum.Should().Be(TimeSpan.FromMilliseconds(10));
        snapshot.Maximum.Should().Be(TimeSpan.FromMilliseconds(30));
        snapshot.P50.Should().BeCloseTo(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(0.7));
        snapshot.Average.Should().BeCloseTo(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(0.01));
    }

    [Fact]
    public void Equal_values_have_an_exact_mean_and_exact_percentiles()
    {
        Record(17, 17, 17);

        var snapshot = _recorder.GetSnapshot(Hour);

        snapshot.Average.Should().Be(TimeSpan.FromMilliseconds(17));
        snapshot.P95.Should().Be(TimeSpan.FromMilliseconds(17));
    }

    [Fact]
    public void The_window_slides_by_the_second()
    {
        Record(1);
        _time.Advance(TimeSpan.FromSeconds(5));
        Record(2);
        _time.Advance(TimeSpan.FromSeconds(7));

        _recorder.GetSnapshot(TimeSpan.FromSeconds(10)).Maximum.Should().Be(TimeSpan.FromMilliseconds(2));
        _recorder.GetSnapshot(TimeSpan.FromSeconds(10)).Count.Should().Be(1);
        _recorder.GetSnapshot(TimeSpan.FromSeconds(60)).Count.Should().Be(2);
        _time.Advance(TimeSpan.FromSeconds(60));
        _recorder.GetSnapshot(TimeSpan.FromSeconds(60)).Count.Should().Be(0);
    }

    [Fact]
    public void The_hour_slides_by_the_minute_and_forgets()
    {
        for (var minute = 0; minute < 90; minute++)
        {
            Record(minute + 1);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        var hour = _recorder.GetSnapshot(Hour);
        var quarter = _recorder.GetSnapshot(TimeSpan.FromMinutes(15));
        _time.Advance(Hour + TimeSpan.FromMinutes(1));

        hour.Count.Should().Be(60);
        hour.Minimum.Should().Be(TimeSpan.FromMilliseconds(31));
        hour.Maximum.Should().Be(TimeSpan.FromMilliseconds(90));
        hour.Average.Should().BeCloseTo(TimeSpan.FromMilliseconds(60.5), TimeSpan.FromMilliseconds(0.02));
        quarter.Count.Should().Be(15);
        _recorder.GetSnapshot(Hour).Count.Should().Be(0);
        _recorder.TotalCount.Should().Be(90);
    }

    [Fact]
    public void The_hour_is_the_sum_of_its_slices()
    {
        var random = new Random(7);
        for (var second = 0; second < 5_000; second++)
        {
            Record(random.Next(1, 2_000));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        var hour = _recorder.GetSnapshot(Hour);
        var almost = _recorder.GetSnapshot(Hour - TimeSpan.FromSeconds(1));

        hour.Count.Should().Be(hour.Counts.ToArray().Sum()).And.BeInRange(3_600, 3_660);
        almost.Counts.ToArray().Should().Equal(hour.Counts.ToArray());
    }

    [Fact]
    public void A_reader_closes_what_is_due_when_the_timer_has_stopped()
    {
        _clock.Dispose();
        Record(5);
        _recorder.GetSnapshot(Hour).Count.Should().Be(1);
        _time.Advance(TimeSpan.FromSeconds(1));
        _recorder.GetSnapshot(Hour).Count.Should().Be(1);
        _time.Advance(TimeSpan.FromSeconds(30));

        _recorder.GetSnapshot(TimeSpan.FromSeconds(10)).Count.Should().Be(0);
        _recorder.GetSnapshot(Hour).Count.Should().Be(1);
    }

    [Fact]
    public void Setting_the_wall_clock_changes_nothing()
    {
        Record(5);
        _time.JumpWallClock(TimeSpan.FromHours(-5));
        _time.Advance(TimeSpan.FromSeconds(2));
        Record(6);
        _time.JumpWallClock(TimeSpan.FromHours(48));
        _time.Advance(TimeSpan.FromSeconds(2));

        _recorder.GetSnapshot(TimeSpan.FromSeconds(10)).Count.Should().Be(2);
        _recorder.GetSnapshot(TimeSpan.FromSeconds(3)).Count.Should().Be(1);
    }

    [Fact]
    public void The_share_within_a_limit_is_counted_by_bucket()
    {
        Record(100, 200, 300, 400, 900, 5_000, 5_000, 5_000, 5_000, 5_000);

        var snapshot = _recorder.GetSnapshot(Hour);

        snapshot.GetPercentWithin(TimeSpan.FromMilliseconds(500)).Should().Be(40);
        snapshot.GetPercentWithin(TimeSpan.FromSeconds(2)).Should().Be(50);
        snapshot.GetPercentWithin(TimeSpan.FromSeconds(5)).Should().Be(100);
        snapshot.GetPercentWithin(TimeSpan.FromMilliseconds(50)).Should().Be(0);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(100.1)]
    [InlineData(double.NaN)]
    public void A_percentile_lies_between_0_and_100(double percentile) =>
        FluentActions.Invoking(() => _recorder.GetSnapshot(Hour).GetPercentile(percentile)).Should().Throw<ArgumentOutOfRangeException>();

    [Fact]
    public void Absurd_latencies_saturate_and_are_counted()
    {
        _recorder.Record(TimeSpan.MinValue);
        _recorder.Record(TimeSpan.FromSeconds(-1));
        _recorder.Record(TimeSpan.FromDays(1));
        _recorder.Record(TimeSpan.MaxValue);
        _recorder.RecordTicks(long.MaxValue);
        _recorder.RecordTicks(-1);

        var snapshot = _recorder.GetSnapshot(Hour);
        _time.Advance(TimeSpan.FromSeconds(2));

        snapshot.SaturatedBelow.Should().Be(3);
        snapshot.SaturatedAbove.Should().Be(3);
        _recorder.GetSnapshot(Hour).Should().BeEquivalentTo(snapshot);
    }

    [Fact]
    public void Recording_allocates_nothing()
    {
        Record(1, 2, 3);
        for (var i = 0; i < 100; i++)
        {
            _recorder.RecordTicks(i * 1_000);
        }

        Allocations.Least(() =>
        {
            for (var i = 0; i < 100_000; i++)
            {
                _recorder.RecordTicks(i * 1_000);
                _recorder.Record(TimeSpan.FromTicks(i));
            }
        }).Should().Be(0);
    }

    private void Record(params int[] milliseconds)
    {
        foreach (var value in milliseconds)
        {
            _recorder.Record(TimeSpan.FromMilliseconds(value));
        }
    }
}
