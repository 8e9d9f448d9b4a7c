using Monitoring.Latency;

namespace Monitoring.Core.Tests.Latency;

public class LatencyCellsTests
{
    [Fact]
    public void More_values_in_a_slice_than_a_cell_can_sum_up_leave_the_mean_within_the_error()
    {
        const int Count = 17_000_000;
        const long LastOfItsBucket = (1L << 19) + (1L << 15) - 1;
        var cells = new LatencyCells();
        for (var i = 0; i < Count; i++)
        {
            cells.Record(LastOfItsBucket);
        }

        var histogram = new LatencyHistogram();
        cells.AddTo(histogram, close: true);

        histogram.Count.Should().Be(Count);
        (histogram.Sum / Count).Should().BeApproximately(LastOfItsBucket, LastOfItsBucket * 0.032);
    }

    [Fact]
    public void Extremes_that_belong_to_another_slice_do_not_speak_for_this_one()
    {
        var cells = new LatencyCells();
        cells.Record(1_000_000);
        cells.Record(900_000_000);
        cells.AddTo(new LatencyHistogram(), close: true);
        cells.Record(5_000_000);
        cells.Record(6_000_000);

        var second = new LatencyHistogram();
        cells.AddTo(second, close: false);

        (second.Minimum, second.Maximum).Should().Be((5_000_000, 6_000_000));
    }
}
