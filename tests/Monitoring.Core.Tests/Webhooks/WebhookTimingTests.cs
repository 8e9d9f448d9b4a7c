using Monitoring.Latency;
using Monitoring.TestSupport;
using Monitoring.Webhooks;

namespace Monitoring.Core.Tests.Webhooks;

public class WebhookTimingTests
{
    private readonly FakeClock _time = new();
    private readonly WebhookMonitor _monitor;

    public WebhookTimingTests() => _monitor = new WebhookMonitor(new SliceClock(_time), new WebhookOptions { MaxPhases = 8 });

    [Fact]
    public void A_webhook_is_recorded_with_its_phases_when_it_is_disposed()
    {
        using (var timing = _monitor.Begin("github"))
        {
            Spend(timing, WebhookPhase.Validation, 10);
            Spend(timing, WebhookPhase.SignatureValidation, 20);
            Spend(timing, "Enrichment", 30);
            Advance(5);
            timing.StatusCode = 202;
        }

        var breakdown = TheBreakdown();
        breakdown.Endpoint.Should().Be("github");
        breakdown.Total.Should().Be(Ms(65));
        breakdown.StatusCode.Should().Be(202);
        breakdown.StartedAt.Should().Be(_time.GetUtcNow() - Ms(65));
        Times(breakdown).Should().Equal(("Validation", 10, 10, 1), ("SignatureValidation", 20, 20, 1), ("Enrichment", 30, 30, 1));
    }

    [Fact]
    public void A_phase_within_another_is_not_counted_as_the_outer_ones_own_time()
    {
        using (var timing = _monitor.Begin("github"))
        using (timing.Measure(WebhookPhase.CacheLookup))
        {
            Advance(3);
            Spend(timing, WebhookPhase.RedisOperation, 40);
            Spend(timing, WebhookPhase.RedisOperation, 7);
            Advance(4);
        }

        Times(TheBreakdown()).Should().Equal(("CacheLookup", 54, 7, 1), ("RedisOperation", 47, 47, 2));
    }

    [Fact]
    public void A_phase_within_itself_counts_its_time_once()
    {
        using (var timing = _monitor.Begin("github"))
        using (timing.Measure("Retry"))
        {
            Advance(10);
            Spend(timing, "Retry", 20);
        }

        Times(TheBreakdown()).Should().Equal(("Retry", 30, 30, 2));
    }

    [Fact]
    public async Task Phases_follow_the_flow_across_awaits()
    {
        using (var timing = _monitor.Begin("github"))
        {
            using (timing.Measure("Outer"))
            {
                await Task.Yield();
                await InnerAsync(timing);
                Advance(1);
            }

            await Task.Yield();
            Spend(timing, "After", 2);
        }

        Times(TheBreakdown()).Should().Equal(("Outer", 31, 11, 1), ("Inner", 20, 20, 1), ("After", 2, 2, 1));

        async Task InnerAsync(WebhookTiming timing)
        {
            Advance(10);
            await Task.Yield();
            using (timing.Measure("Inner"))
            {
                await Task.Yield();
                Advance(20);
            }
        }
    }

    [Fact]
    public async Task Parallel_phases_are_siblings_and_time_that_overlaps_counts_once()
    {
        using (var timing = _monitor.Begin("github"))
        using (timing.Measure("Outer"))
        {
            Advance(5);
            var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var second = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var third = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var firstDone = UntilAsync(timing, WebhookPhase.RedisOperation, first.Task);
            Advance(10);
            var secondDone = UntilAsync(timing, WebhookPhase.RedisOperation, second.Task);
            var thirdDone = UntilAsync(timing, "Http", third.Task);
            Advance(20);
            first.SetResult();
            await firstDone;
            Advance(30);
            second.SetResult();
            await secondDone;
            Advance(40);
            third.SetResult();
            await Task.WhenAll(firstDone, secondDone, thirdDone);
            Advance(6);
        }

        Times(TheBreakdown()).Should().Equal(("Outer", 111, 11, 1), ("RedisOperation", 60, 60, 2), ("Http", 90, 90, 1));

        static async Task UntilAsync(WebhookTiming timing, WebhookPhase phase, Task done)
        {
            using (timing.Measure(phase))
            {
                await done;
            }
        }
    }

    [Fact]
    public void Phases_that_merely_overlap_keep_their_own_times()
    {
        using (var timing = _monitor.Begin("github"))
        {
            var first = timing.Measure("First");
            Advance(10);
            var second = timing.Measure("Second");
            Advance(10);
            first.Dispose();
            Advance(10);
            Spend(timing, "WithinSecond", 1);
            second.Dispose();
            Spend(timing, "Last", 2);
        }

        Times(TheBreakdown()).Should().Equal(("First", 20, 10, 1), ("Second", 21, 20, 1), ("WithinSecond", 1, 1, 1), ("Last", 2, 2, 1));
    }

    [Fact]
    public void Two_webhooks_in_one_flow_do_not_mix()
    {
        using (var outer = _monitor.Begin("outer"))
        using (outer.Measure("Batch"))
        {
            Advance(1);
            using (var inner = _monitor.Begin("inner"))
            using (inner.Measure("Item"))
            {
                Advance(2);
                Spend(outer, "OfOuter", 4);
                Spend(inner, "OfInner", 8);
            }

            Spend(outer, "Rest", 16);
        }

        var recent = _monitor.GetSummary().Recent;
        Times(recent[0]).Should().Equal(("Batch", 31, 11, 1), ("OfOuter", 4, 4, 1), ("Rest", 16, 16, 1));
        Times(recent[1]).Should().Equal(("Item", 14, 6, 1), ("OfInner", 8, 8, 1));
    }

    [Fact]
    public void Disposing_twice_records_once()
    {
        var timing = _monitor.Begin("github");
        var phase = timing.Measure("Phase");
        Advance(5);
        phase.Dispose();
        Advance(5);
        phase.Dispose();
        timing.Dispose();
        Advance(5);
        timing.Dispose();

        _monitor.GetSummary().Count.Should().Be(1);
        TheBreakdown().Total.Should().Be(Ms(10));
        Times(TheBreakdown()).Should().Equal(("Phase", 5, 5, 1));
    }

    [Fact]
    public void A_phase_left_open_ends_with_the_webhook_and_may_be_disposed_late()
    {
        var timing = _monitor.Begin("github");
        var outer = timing.Measure("Outer");
        Advance(5);
        var inner = timing.Measure("Inner");
        Advance(10);
        timing.Dispose();
        Advance(100);
        inner.Dispose();
        outer.Dispose();
        timing.Measure("TooLate").Dispose();

        Times(TheBreakdown()).Should().Equal(("Outer", 15, 5, 1), ("Inner", 10, 10, 1));
        using (var next = _monitor.Begin("github"))
        {
            Spend(next, "Fresh", 1);
        }

        Times(TheBreakdown()).Should().Equal(("Fresh", 1, 1, 1));
    }

    [Fact]
    public void An_exception_of_the_handler_passes_by_and_what_it_took_is_recorded()
    {
        var handler = () =>
        {
            using var timing = _monitor.Begin("github");
            using var phase = timing.Measure(WebhookPhase.Validation);
            Advance(12);
            throw new InvalidDataException("malformed");
        };

        handler.Should().Throw<InvalidDataException>();
        Times(TheBreakdown()).Should().Equal(("Validation", 12, 12, 1));
    }

    [Fact]
    public void A_name_that_is_missing_or_one_too_many_goes_to_the_overflow_entry()
    {
        using (var timing = _monitor.Begin(null!))
        {
            Spend(timing, default, 1);
            for (var i = 0; i < 20; i++)
            {
                Spend(timing, $"Phase{i}", 1);
            }
        }

        var breakdown = TheBreakdown();
        breakdown.Phases.Should().HaveCount(8).And.Subject.First().Should().BeEquivalentTo(new { Name = "OTHER", Count = 14 });
        _monitor.GetSummary().Endpoints.Single().Endpoint.Should().Be("OTHER");
    }

    [Fact]
    public async Task Many_flows_at_once_leave_consistent_times()
    {
        using var clock = new SliceClock(TimeProvider.System);
        var monitor = new WebhookMonitor(clock, new WebhookOptions { RecentCapacity = 10_000 });
        await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => Task.Run(() => HandleAsync(monitor))));

        var summary = monitor.GetSummary();
        summary.Count.Should().Be(500);
        summary.Recent.Should().HaveCount(500);
        foreach (var breakdown in summary.Recent)
        {
            var (outer, inner) = (breakdown.Phases[0], breakdown.Phases[1]);
            (outer.Count, inner.Count).Should().Be((1, 3));
            inner.Wall.Should().BeLessThanOrEqualTo(outer.Wall);
            (outer.Self + inner.Wall).Should().BeCloseTo(outer.Wall, TimeSpan.FromTicks(2));
            outer.Wall.Should().BeLessThanOrEqualTo(breakdown.Total);
        }

        static async Task HandleAsync(WebhookMonitor monitor)
        {
            using var timing = monitor.Begin("github");
            using var outer = timing.Measure("Outer");
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
            {
                using (timing.Measure("Inner"))
                {
                    await Task.Yield();
                }
            })));
        }
    }

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static IEnumerable<(string, double, double, int)> Times(WebhookTimingBreakdown breakdown) =>
        breakdown.Phases.Select(time => (time.Name, time.Wall.TotalMilliseconds, time.Self.TotalMilliseconds, time.Count));

    private WebhookTimingBreakdown TheBreakdown() => _monitor.GetSummary().Recent[0];

    private void Advance(double milliseconds) => _time.Advance(Ms(milliseconds));

    private void Spend(WebhookTiming timing, WebhookPhase phase, double milliseconds)
    {
        using (timing.Measure(phase))
        {
            Advance(milliseconds);
        }
    }
}
