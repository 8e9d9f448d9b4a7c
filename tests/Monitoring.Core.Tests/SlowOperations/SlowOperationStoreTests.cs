using FsCheck;
using FsCheck.Fluent;
using Monitoring.Latency;
using Monitoring.SlowOperations;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.SlowOperations;

public sealed class SlowOperationStoreTests : IDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly FakeClock _time = new();
    private readonly SliceClock _clock;
    private readonly SlowOperationStore _store;

    public SlowOperationStoreTests()
    {
        _clock = new SliceClock(_time);
        _store = new SlowOperationStore(_clock, 3);
    }

    public void Dispose() => _clock.Dispose();

    [Fact]
    public void Tells_how_often_how_long_and_when()
    {
        Record("GET user:{id}", 100);
        Record("GET user:{id}", 500, failed: true);
        _time.Advance(TimeSpan.FromSeconds(30));
        Record("GET user:{id}", 300);
        Record("KEYS", 200);

        var operations = _store.GetOperations(Hour);

        operations.Select(operation => operation.Text).Should().Equal("GET user:{id}", "KEYS");
        var get = operations[0];
        (get.Count, get.Failures).Should().Be((3, 1));
        (get.Average, get.Worst, get.Last).Should().Be((Milliseconds(300), Milliseconds(500), Milliseconds(300)));
        get.LastAt.Should().Be(_time.GetUtcNow());
        get.P95.Should().Be(Milliseconds(500));
    }

    [Theory]
    [InlineData("", "cbf29ce484222325")]
    [InlineData("a", "af63dc4c8601ec8c")]
    [InlineData("foobar", "85944171f73967e8")]
    public void The_fingerprint_is_that_of_the_published_vectors(string text, string fingerprint) =>
        Fingerprint.ToText(Fingerprint.Of(text)).Should().Be(fingerprint);

    [Fact]
    public void A_series_shows_the_fingerprint_of_its_text()
    {
        Record("foobar", 100);

        _store.GetOperations(Hour).Should().ContainSingle().Which.Fingerprint.Should().Be("85944171f73967e8");
    }

    [Fact]
    public void When_full_the_least_recently_slow_makes_room_and_is_counted()
    {
        Record("a", 100);
        Record("b", 100);
        Record("c", 100);
        Record("a", 100);
        Record("d", 100);

        Texts().Should().BeEquivalentTo("a", "c", "d");
        _store.Overflowed.Should().Be(1);
        _store.GetOperations(Hour).Single(operation => operation.Text == "d").Count.Should().Be(1);
    }

    [Fact]
    public void A_kind_that_took_over_a_place_shows_nothing_of_the_one_before()
    {
        Record("a", 900, failed: true);
        Record("b", 1);
        Record("c", 1);
        Record("d", 5);

        var operation = _store.GetOperations(Hour).Single(operation => operation.Text == "d");

        (operation.Count, operation.Failures, operation.Worst).Should().Be((1, 0, Milliseconds(5)));
    }

    [Fact]
    public void A_window_shows_what_falls_into_it_and_into_the_five_minutes_that_it_begins_in()
    {
        Record("early", 100);
        _time.Advance(TimeSpan.FromMinutes(20));
        Record("late", 100);

        _store.GetOperations(TimeSpan.FromMinutes(10)).Select(operation => operation.Text).Should().Equal("late");
        Texts().Should().BeEquivalentTo("early", "late");
        _time.Advance(TimeSpan.FromMinutes(50));
        Texts().Should().BeEquivalentTo("late");
        _time.Advance(TimeSpan.FromMinutes(20));
        Texts().Should().BeEmpty();
    }

    [Fact]
    public void Counts_stay_right_for_hours_on_end()
    {
        for (var minute = 0; minute < 200; minute++)
        {
            Record("a", 100);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        _store.GetOperations(Hour).Single().Count.Should().BeInRange(60, 65);
    }

    [Fact]
    public void A_long_text_is_cut()
    {
        Record(new string('x', 100_000), 100);

        Texts().Should().Equal(new string('x', SlowOperationStore.LongestText));
    }

    [Fact]
    public void Without_room_nothing_is_kept()
    {
        var store = new SlowOperationStore(_clock, 0);
        store.Record("a", Hour, failed: false);

        store.GetOperations(Hour).Should().BeEmpty();
    }

    [Fact]
    public void The_percentile_is_within_an_eighth_of_the_exact_one()
    {
        var durations = Gen.Choose(1_048_577, int.MaxValue).Select(nanoseconds => (long)nanoseconds / 100).NonEmptyListOf().Select(list => list.ToArray());
        Prop.ForAll(durations.ToArbitrary(), ticks =>
        {
            var store = new SlowOperationStore(_clock, 1);
            foreach (var duration in ticks)
            {
                store.Record("a", TimeSpan.FromTicks(duration), failed: false);
            }

            Array.Sort(ticks);
            var exact = ticks[(int)Math.Ceiling(0.95 * ticks.Length) - 1];
            return Math.Abs(store.GetOperations(Hour)[0].P95.Ticks - exact) <= 0.125 * exact;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void Any_duration_is_taken()
    {
        TimeSpan[] durations = [TimeSpan.MinValue, TimeSpan.Zero, TimeSpan.FromTicks(1), TimeSpan.FromMinutes(17), TimeSpan.FromMinutes(19), TimeSpan.MaxValue];
        foreach (var duration in durations)
        {
            _store.Record("a", duration, failed: false);
        }

        var operation = _store.GetOperations(Hour).Single();
        operation.Count.Should().Be(durations.Length);
        operation.Worst.Should().Be(TimeSpan.MaxValue);
    }

    [Fact]
    public void Every_record_of_every_thread_is_counted()
    {
        const int Threads = 4;
        const int RecordsEach = 50_000;
        var store = new SlowOperationStore(_clock, 8);
        var threads = Enumerable.Range(0, Threads).Select(thread => new Thread(() =>
        {
            for (var i = 0; i < RecordsEach; i++)
            {
                store.Record($"OP{(thread + i) % 8}", Milliseconds(i % 100), failed: i % 2 == 0);
            }
        })).ToList();

        threads.ForEach(thread => thread.Start());
        for (var minute = 0; minute < 50; minute++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            store.GetOperations(Hour).Sum(operation => operation.Count).Should().BeLessThanOrEqualTo(Threads * RecordsEach);
        }

        threads.ForEach(thread => thread.Join());
        var operations = store.GetOperations(Hour);
        operations.Sum(operation => operation.Count).Should().Be(Threads * RecordsEach);
        operations.Sum(operation => operation.Failures).Should().Be(Threads * RecordsEach / 2);
        store.Overflowed.Should().Be(0);
    }

    [Fact]
    public void Recording_a_known_kind_allocates_nothing()
    {
        Record("GET user:{id}", 100);

        Allocations.Least(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                _store.Record("GET user:{id}", Milliseconds(100), failed: false);
            }
        }).Should().Be(0);
    }

    private static TimeSpan Milliseconds(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private void Record(string text, int milliseconds, bool failed = false) => _store.Record(text, Milliseconds(milliseconds), failed);

    private List<string> Texts() => [.. _store.GetOperations(Hour).Select(operation => operation.Text)];
}
