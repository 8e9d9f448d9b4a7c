using Monitoring.Latency;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Latency;

public class LatencyConcurrencyTests
{
    private const int Writers = 4;
    private const int RecordsEach = 3_000_000;

    [Fact]
    public void No_record_is_lost_while_slices_are_closed_and_snapshots_read()
    {
        var time = new FakeClock();
        using var clock = new SliceClock(time);
        var recorder = new LatencyRecorder(clock);
        var counter = new WindowedCounter(clock);
        using var done = new CancellationTokenSource();
        var inconsistent = 0;

        var writers = Start(Writers, writer =>
        {
            for (var i = 0; i < RecordsEach; i++)
            {
                recorder.Record(TimeSpan.FromTicks(100 + (i % 1_000) + (writer * 50_000)));
                counter.Add();
            }
        });
        var readers = Start(2, _ =>
        {
            var last = 0L;
            while (!done.IsCancellationRequested)
            {
                var snapshot = recorder.GetSnapshot(TimeSpan.FromHours(1));
                var sum = snapshot.Counts.ToArray().Sum();
                if (snapshot.Count != sum || snapshot.Count < last || !IsPlausible(snapshot))
                {
                    Interlocked.Increment(ref inconsistent);
                }

                last = snapshot.Count;
            }
        });

        // Fifty minutes go by, so that all that is recorded stays in the window, in seconds and in minutes.
        for (var second = 0; second < 3_000; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }

        writers.ForEach(thread => thread.Join());
        done.Cancel();
        readers.ForEach(thread => thread.Join());

        var whole = recorder.GetSnapshot(TimeSpan.FromHours(1));
        whole.Count.Should().Be(Writers * RecordsEach);
        whole.Counts.ToArray().Sum().Should().Be(Writers * RecordsEach);
        recorder.TotalCount.Should().Be(Writers * RecordsEach);
        counter.GetCount(TimeSpan.FromHours(1)).Should().Be(Writers * RecordsEach);
        inconsistent.Should().Be(0);
    }

    [Fact]
    public void Slices_add_up_to_all_that_was_recorded_wherever_the_cuts_fall()
    {
        var cells = new LatencyCells(stripes: 1);
        var slices = new LatencyHistogram();
        var writers = Start(Writers, writer =>
        {
            for (var i = 0; i < RecordsEach; i++)
            {
                cells.Record(1_000 + (i * 7L));
            }
        });

        while (writers.Exists(thread => thread.IsAlive))
        {
            cells.AddTo(slices, close: true);
        }

        cells.AddTo(slices, close: true);

        var exact = new LatencyHistogram();
        for (var i = 0; i < RecordsEach; i++)
        {
            exact.Record(1_000 + (i * 7L));
        }

        slices.Count.Should().Be(Writers * RecordsEach);
        slices.Counts.ToArray().Should().Equal(exact.Counts.ToArray().Select(count => count * Writers));
        slices.Sum.Should().BeApproximately(Writers * exact.Sum, exact.Sum * 1e-9);
    }

    // Whatever the moment of the reading, nothing is reported that was never recorded.
    private static bool IsPlausible(LatencySnapshot snapshot) =>
        snapshot.Count == 0 || (snapshot.Minimum >= TimeSpan.FromTicks(96)
            && snapshot.Maximum <= TimeSpan.FromTicks(1_100 + ((Writers - 1) * 50_000)) * 1.0625
            && snapshot.Minimum <= snapshot.P50 && snapshot.P50 <= snapshot.P99 && snapshot.P99 <= snapshot.Maximum
            && snapshot.Minimum <= snapshot.Average && snapshot.Average <= snapshot.Maximum);

    private static List<Thread> Start(int count, Action<int> work)
    {
        var threads = Enumerable.Range(0, count).Select(i => new Thread(() => work(i))).ToList();
        threads.ForEach(thread => thread.Start());
        return threads;
    }
}
