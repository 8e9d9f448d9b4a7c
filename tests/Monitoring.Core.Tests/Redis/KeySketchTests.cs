using FsCheck;
using FsCheck.Fluent;
using Monitoring.Redis;

namespace Monitoring.Core.Tests.Redis;

public sealed class KeySketchTests
{
    // Streams over as many patterns as 40 with Zipf's law of different strength, weights as different as times are, in up to
    // four slices, into sketches that are too small for all of them.
    private static readonly Arbitrary<Stream> Streams = (
        from capacity in Gen.Choose(1, 20)
        from exponent in Gen.Elements(0.0, 0.7, 1.0, 1.5)
        from slices in Gen.Choose(1, 4)
        from length in Gen.Choose(0, 400)
        from seed in Gen.Choose(0, int.MaxValue)
        select new Stream(capacity, Draw(exponent, slices, length, new Random(seed)))).ToArbitrary();

    [Fact]
    public void Each_estimate_is_true_or_too_high_by_no_more_than_it_says() =>
        Prop.ForAll(Streams, stream => AllOrders(order =>
        {
            var exact = stream.Exact(order);
            return stream.Merge(order).All(pattern =>
                Figure(pattern, order) is var estimate
                && estimate >= exact[pattern.Pattern]
                && estimate * (1 - (pattern.ErrorPercent / 100)) <= exact[pattern.Pattern] + 1);
        })).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void What_has_more_than_its_share_is_in_the_list() =>
        Prop.ForAll(Streams, stream => AllOrders(order =>
        {
            var exact = stream.Exact(order);
            var share = exact.Values.Sum() / (double)stream.Capacity;
            var listed = stream.Merge(order).Select(pattern => pattern.Pattern);
            return !exact.Where(pattern => pattern.Value > share).Select(pattern => pattern.Key).Except(listed).Any();
        })).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void No_estimate_is_too_high_by_more_than_a_share() =>
        Prop.ForAll(Streams, stream => AllOrders(order =>
        {
            var exact = stream.Exact(order);
            var share = exact.Values.Sum() / (double)stream.Capacity;
            return stream.Merge(order).All(pattern => Figure(pattern, order) - exact[pattern.Pattern] <= share + 1);
        })).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void Figures_beside_the_order_are_never_too_high() =>
        Prop.ForAll(Streams, stream => AllOrders(order => AllOrders(other => order == other
            || stream.Merge(order).All(pattern => Figure(pattern, other) <= stream.Exact(other)[pattern.Pattern]))))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void A_list_is_bounded_and_in_its_order() =>
        Prop.ForAll(Streams, stream => AllOrders(order =>
        {
            var figures = stream.Merge(order).Select(pattern => Figure(pattern, order)).ToList();
            return figures.Count <= stream.Capacity && figures.SequenceEqual(figures.OrderDescending());
        })).QuickCheckThrowOnFailure();

    [Fact]
    public void Everything_is_exact_while_there_is_room()
    {
        var sketch = new KeySketch(3);
        sketch.Add("a", Weights(1, 10, 0));
        sketch.Add("b", Weights(2, 5, 100));
        sketch.Add("a", Weights(2, 10, 0));

        var keys = new KeySliceMerge([sketch.ToSlice(0)], 3).ToHotKeys();

        keys.ByCalls.Select(pattern => (pattern.Pattern, pattern.Calls, pattern.Time.Ticks, pattern.Bytes, pattern.ErrorPercent))
            .Should().Equal(("a", 3, 20, 0, 0), ("b", 2, 5, 100, 0));
        keys.ByTime.Select(pattern => pattern.Pattern).Should().Equal("a", "b");
        keys.ByBytes.Select(pattern => pattern.Pattern).Should().Equal("b");
    }

    [Fact]
    public void A_newcomer_takes_the_smallest_counter_and_its_estimate()
    {
        var sketch = new KeySketch(2);
        sketch.Add("a", Weights(5, 0, 0));
        sketch.Add("b", Weights(3, 0, 0));
        sketch.Add("c", Weights(1, 0, 0));

        var keys = new KeySliceMerge([sketch.ToSlice(0)], 2).ToHotKeys();

        keys.ByCalls.Select(pattern => (pattern.Pattern, pattern.Calls, pattern.ErrorPercent)).Should().Equal(("a", 5, 0), ("c", 4, 75));
        sketch.Find("b").Should().BeNull();
    }

    [Fact]
    public void A_pattern_that_one_order_drops_stays_for_another()
    {
        var sketch = new KeySketch(1);
        sketch.Add("slow", Weights(1, 1_000, 0));
        sketch.Add("often", Weights(5, 1, 0));
        sketch.Add("large", Weights(1, 1, 1_000));

        sketch.Find("slow").Should().BeNull();
        sketch.Find("large").Should().Be("large");
        sketch.ToSlice(0).Usages.Should().HaveCountLessThanOrEqualTo(3);
    }

    private static double Figure(RedisKeyPattern pattern, int order) => order switch
    {
        PerOrder.Calls => pattern.Calls,
        PerOrder.Time => pattern.Time.Ticks,
        _ => pattern.Bytes,
    };

    private static bool AllOrders(Func<int, bool> holds) => Enumerable.Range(0, PerOrder.Count).All(holds);

    private static PerOrder Weights(double calls, double time, double bytes)
    {
        PerOrder weights = default;
        weights[PerOrder.Calls] = calls;
        weights[PerOrder.Time] = time;
        weights[PerOrder.Bytes] = bytes;
        return weights;
    }

    private static (string Pattern, PerOrder Weights)[][] Draw(double exponent, int slices, int length, Random random)
    {
        const int Patterns = 40;
        var cumulated = new double[Patterns];
        for (var rank = 0; rank < Patterns; rank++)
        {
            cumulated[rank] = (rank == 0 ? 0 : cumulated[rank - 1]) + Math.Pow(rank + 1, -exponent);
        }

        return [.. Enumerable.Range(0, slices).Select(_ => Enumerable.Range(0, length).Select(_ =>
        {
            var drawn = random.NextDouble() * cumulated[^1];
            var weights = Weights(random.Next(1, 5), random.Next(0, 1_000), random.Next(3) == 0 ? random.Next(1_000_000) : 0);
            return ($"p{Array.FindIndex(cumulated, sum => sum >= drawn)}", weights);
        }).ToArray())];
    }

    private sealed record Stream(int Capacity, (string Pattern, PerOrder Weights)[][] Slices)
    {
        public Dictionary<string, long> Exact(int order) => Slices.SelectMany(slice => slice)
            .GroupBy(item => item.Pattern)
            .ToDictionary(group => group.Key, group => (long)group.Sum(item => item.Weights[order]));

        public IReadOnlyList<RedisKeyPattern> Merge(int order)
        {
            var sketch = new KeySketch(Capacity);
            var slices = new List<KeySlice>();
            foreach (var slice in Slices)
            {
                foreach (var (pattern, weights) in slice)
                {
                    sketch.Add(pattern, in weights);
                }

                slices.Add(sketch.ToSlice(slices.Count));
                sketch.Clear();
            }

            var keys = new KeySliceMerge(slices, Capacity).ToHotKeys();
            return order switch
            {
                PerOrder.Calls => keys.ByCalls,
                PerOrder.Time => keys.ByTime,
                _ => keys.ByBytes,
            };
        }
    }
}
