using Monitoring.Latency;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Latency;

public class RecentListTests
{
    [Fact]
    public void Keeps_the_last_values_newest_first()
    {
        var list = new RecentList<string>(3);

        list.ToList().Should().BeEmpty();
        foreach (var value in new[] { "a", "b", "c", "d", "e" })
        {
            list.Add(value);
        }

        list.ToList().Should().Equal("e", "d", "c");
    }

    [Fact]
    public void A_list_without_capacity_keeps_nothing()
    {
        var list = new RecentList<int>(0);

        list.Add(1);

        list.ToList().Should().BeEmpty();
    }

    [Fact]
    public void Readers_never_see_half_a_value_nor_the_wrong_order()
    {
        var list = new RecentList<(long First, long Second, string Third)>(8);
        using var done = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 3).Select(_ => new Thread(() =>
        {
            for (var i = 0L; i < 200_000; i++)
            {
                list.Add((i, -i, "kept"));
            }
        })).ToList();
        var torn = 0;
        var reader = new Thread(() =>
        {
            while (!done.IsCancellationRequested)
            {
                torn += list.ToList().Count(value => value.First != -value.Second || value.Third != "kept");
            }
        });

        reader.Start();
        writers.ForEach(thread => thread.Start());
        writers.ForEach(thread => thread.Join());
        done.Cancel();
        reader.Join();

        torn.Should().Be(0);
        list.ToList().Should().NotBeEmpty().And.OnlyContain(value => value.First == -value.Second);
    }

    [Fact]
    public void Adding_allocates_nothing()
    {
        var list = new RecentList<(long, long)>(16);
        list.Add((0, 0));
        Allocations.Least(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                list.Add((i, i));
            }
        }).Should().Be(0);
    }
}
