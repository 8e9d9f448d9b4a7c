using FsCheck;
using FsCheck.Fluent;
using Monitoring.Latency;

namespace Monitoring.Core.Tests.Latency;

public class LatencyHistogramTests
{
    private const double AllowedError = 0.032;
    private static readonly double[] Percentiles = [0, 1, 5, 25, 50, 75, 90, 95, 99, 99.9, 100];

    // Spread over the whole range as latencies are: each order of magnitude as likely as any other.
    private static readonly Arbitrary<long[]> Latencies = Gen.Choose(0, 1_000_000)
        .Select(x => (long)(1_000 * Math.Pow(10, x / 1_000_000.0 * Math.Log10(LatencyBuckets.Range / 1_000.0))))
        .Select(x => Math.Min(x, LatencyBuckets.Range - 1))
        .NonEmptyListOf()
        .Select(x => x.ToArray())
        .ToArbitrary();

    [Fact]
    public void Percentiles_are_within_the_error_of_the_exact_sorted_ones() =>
        Prop.ForAll(Latencies, latencies =>
        {
            var snapshot = SnapshotOf(latencies);
            Array.Sort(latencies);
            return Percentiles.All(p => IsClose(snapshot.GetPercentileNanoseconds(p), ExactPercentile(latencies, p)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Count_extremes_and_mean_are_those_of_the_values() =>
        Prop.ForAll(Latencies, latencies =>
        {
            var snapshot = SnapshotOf(latencies);
            return snapshot.Count == latencies.Length
                && snapshot.MinimumNanoseconds == latencies.Min()
                && snapshot.MaximumNanoseconds == latencies.Max()
                && Math.Abs(snapshot.Sum - latencies.Sum()) <= latencies.Sum() * 0.0002;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Merging_snapshots_is_the_same_as_recording_everything_into_one() =>
        Prop.ForAll(Latencies, Latencies, (left, right) =>
        {
            var merged = LatencySnapshot.Merge(SnapshotOf(left), LatencySnapshot.Empty, SnapshotOf(right));
            var whole = SnapshotOf([.. left, .. right]);
            return merged.Count == whole.Count
                && merged.FirstBucket == whole.FirstBucket
                && merged.Counts.SequenceEqual(whole.Counts)
                && merged.MinimumNanoseconds == whole.MinimumNanoseconds
                && merged.MaximumNanoseconds == whole.MaximumNanoseconds
                && Math.Abs(merged.Sum - whole.Sum) <= whole.Sum * 1e-12;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_compact_encoding_keeps_everything() =>
        Prop.ForAll(Latencies, latencies =>
        {
            var histogram = HistogramOf([.. latencies, -1, LatencyBuckets.Range]);
            var decoded = CompactHistogram.Decode(CompactHistogram.Encode(histogram).Data.Span);
            var copy = new LatencyHistogram();
            copy.Add(decoded);
            return copy.Counts.SequenceEqual(histogram.Counts)
                && (copy.Count, copy.Sum, copy.Minimum, copy.Maximum) == (histogram.Count, histogram.Sum, histogram.Minimum, histogram.Maximum);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_compact_encoding_refuses_another_version_and_a_torso()
    {
        var data = CompactHistogram.Encode(HistogramOf([1_000, 2_000_000])).Data.ToArray();
        byte[] otherVersion = [9, .. data[1..]];

        FluentActions.Invoking(() => CompactHistogram.Decode(otherVersion)).Should().Throw<FormatException>();
        for (var length = 0; length < 12; length++)
        {
            FluentActions.Invoking(() => CompactHistogram.Decode(data.AsSpan(0, length).ToArray())).Should().Throw<FormatException>();
        }
    }

    [Fact]
    public void Every_bucket_borders_on_the_next()
    {
        for (var bucket = 1; bucket < LatencyBuckets.Above; bucket++)
        {
            var lower = LatencyBuckets.LowerBound(bucket);
            var next = lower + LatencyBuckets.Width(bucket);

            LatencyBuckets.Find(lower, out _).Should().Be(bucket);
            LatencyBuckets.Find(next - 1, out _).Should().Be(bucket);
            LatencyBuckets.LowerBound(bucket + 1).Should().Be(next);
        }
    }

    [Fact]
    public void Values_outside_the_range_saturate_at_its_ends_and_are_counted()
    {
        var snapshot = SnapshotOf([-5, 1_000_000, LatencyBuckets.Range, long.MaxValue]);

        snapshot.Count.Should().Be(4);
        snapshot.SaturatedBelow.Should().Be(1);
        snapshot.SaturatedAbove.Should().Be(2);
        snapshot.Minimum.Should().Be(TimeSpan.Zero);
        snapshot.GetPercentileNanoseconds(75).Should().Be(LatencyBuckets.Range);
        snapshot.MaximumNanoseconds.Should().Be(long.MaxValue);
    }

    internal static LatencyHistogram HistogramOf(long[] nanoseconds)
    {
        var histogram = new LatencyHistogram();
        foreach (var value in nanoseconds)
        {
            histogram.Record(value);
        }

        return histogram;
    }

    private static LatencySnapshot SnapshotOf(long[] nanoseconds) => LatencySnapshot.From(HistogramOf(nanoseconds));

    private static long ExactPercentile(long[] sorted, double percentile) =>
        sorted[Math.Max((int)Math.Ceiling(percentile * sorted.Length / 100) - 1, 0)];

    private static bool IsClose(long value, long exact) => Math.Abs(value - exact) <= exact * AllowedError;
}
