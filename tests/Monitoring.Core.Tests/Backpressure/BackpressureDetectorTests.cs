using Monitoring.Backpressure;
using Monitoring.TestSupport;
using Monitoring.Validation;

namespace Monitoring.Core.Tests.Backpressure;

public sealed class BackpressureDetectorTests
{
    private static readonly BackpressureOptions Options = new();

    private static readonly BackpressureSignals Calm = new()
    {
        Depth = 100,
        Capacity = 1000,
        UtilizationPercent = 50,
        AverageProcessingTime = TimeSpan.FromSeconds(1),
        Attempts = 100,
        TaskTimeout = TimeSpan.FromSeconds(30),
    };

    private readonly FakeClock _time = new();

    [Theory]
    [InlineData(800, 90, 24, BackpressureLevel.None)]
    [InlineData(801, 90, 24, BackpressureLevel.Elevated)]
    [InlineData(800, 90.1, 24, BackpressureLevel.Elevated)]
    [InlineData(800, 90, 24.1, BackpressureLevel.Elevated)]
    [InlineData(801, 90.1, 24, BackpressureLevel.Severe)]
    [InlineData(801, 90, 24.1, BackpressureLevel.Severe)]
    [InlineData(800, 90.1, 24.1, BackpressureLevel.Severe)]
    [InlineData(801, 90.1, 24.1, BackpressureLevel.Severe)]
    [InlineData(950, 0, 0, BackpressureLevel.Elevated)]
    [InlineData(951, 0, 0, BackpressureLevel.Severe)]
    public void Tells_the_level_by_the_signals_over_their_thresholds(int depth, double utilization, double averageSeconds, BackpressureLevel level)
    {
        var status = Evaluate(Calm with
        {
            Depth = depth,
            UtilizationPercent = utilization,
            AverageProcessingTime = TimeSpan.FromSeconds(averageSeconds),
        });

        status.Level.Should().Be(level);
        status.IsDetected.Should().Be(level != BackpressureLevel.None);
    }

    [Fact]
    public void Says_why_in_sentences()
    {
        var status = Evaluate(Calm with { Depth = 850, UtilizationPercent = 97, AverageProcessingTime = TimeSpan.FromSeconds(27) });

        status.Reasons.Should().Equal(
            "The queue holds 850 of 1,000 tasks (85 %); the limit is 80 %.",
            "The workers are busy 97 % of the time; the limit is 90 %.",
            "Tasks take 27 s on average, 90 % of their timeout of 30 s; the limit is 80 %.");
    }

    [Fact]
    public void Holds_until_the_signal_has_stayed_well_below_for_a_while()
    {
        var detector = Detector();
        detector.Evaluate(Calm with { Depth = 900 }, Options).Since.Should().Be(_time.GetUtcNow());

        After(60, depth: 730).Reasons.Should().Equal("The queue holds 730 of 1,000 tasks (73 %); it was over 80 % and clears after 5 s below 72 %.");
        After(1, depth: 719).IsDetected.Should().BeTrue();
        After(4, depth: 719).IsDetected.Should().BeTrue();
        After(0.5, depth: 750).IsDetected.Should().BeTrue("that starts the wait anew");
        After(4, depth: 100).IsDetected.Should().BeTrue();
        After(5, depth: 100).IsDetected.Should().BeFalse();
        After(0, depth: 750).IsDetected.Should().BeFalse("it is not over the threshold");

        BackpressureStatus After(double seconds, int depth)
        {
            _time.Advance(TimeSpan.FromSeconds(seconds));
            return detector.Evaluate(Calm with { Depth = depth }, Options);
        }
    }

    [Fact]
    public void What_is_unknown_detects_nothing()
    {
        var status = Evaluate(new BackpressureSignals { Depth = 1_000_000 });

        status.Level.Should().Be(BackpressureLevel.None);
        status.EstimatedTimeToFull.Should().BeNull();
        status.RequiredWorkers.Should().BeNull();
    }

    [Fact]
    public void A_few_slow_attempts_say_nothing_about_the_average()
    {
        var slow = Calm with { AverageProcessingTime = TimeSpan.FromSeconds(29) };

        Evaluate(slow with { Attempts = 4 }).IsDetected.Should().BeFalse();
        Evaluate(slow with { Attempts = 5 }).IsDetected.Should().BeTrue();
    }

    [Theory]
    [InlineData(10, 4, 150.0, null)] // fills with 6 a second: 900 places
    [InlineData(4, 9, null, 20.0)] // empties with 5 a second: 100 tasks
    [InlineData(5, 5, null, null)] // stays as it is
    [InlineData(0, 0, null, null)]
    public void Estimates_where_the_queue_is_heading(double arrivals, double completions, double? secondsToFull, double? secondsToEmpty)
    {
        var status = Evaluate(Calm with { ArrivalRate = arrivals, CompletionRate = completions });

        status.EstimatedTimeToFull?.TotalSeconds.Should().Be(secondsToFull);
        status.EstimatedTimeToFull.HasValue.Should().Be(secondsToFull.HasValue);
        status.EstimatedDrainTime?.TotalSeconds.Should().Be(secondsToEmpty);
        status.EstimatedDrainTime.HasValue.Should().Be(secondsToEmpty.HasValue);
    }

    [Fact]
    public void An_empty_queue_is_drained()
    {
        Evaluate(Calm with { Depth = 0, ArrivalRate = 5, CompletionRate = 5 }).EstimatedDrainTime.Should().Be(TimeSpan.Zero);
    }

    [Theory]
    [InlineData(10, 0, 0.25, 3)] // 2.5
    [InlineData(10, 2, 0.5, 6)] // retries need workers too
    [InlineData(0, 0, 1, 0)]
    public void Needs_as_many_workers_as_arrivals_keep_busy(double arrivals, double retries, double seconds, int workers)
    {
        var status = Evaluate(Calm with { ArrivalRate = arrivals, RetryRate = retries, AverageProcessingTime = TimeSpan.FromSeconds(seconds) });

        status.RequiredWorkers.Should().Be(workers);
    }

    [Fact]
    public void Its_defaults_are_valid_and_a_wrong_value_is_named_with_what_is_allowed()
    {
        Messages(new BackpressureOptions()).Should().BeEmpty();
        Messages(new BackpressureOptions
        {
            DepthPercent = 0,
            SevereDepthPercent = 101,
            UtilizationPercent = double.NaN,
            ProcessingTimePercent = 2000,
            MinimumAttempts = 0,
            SojournTarget = TimeSpan.Zero,
            OldestTaskAge = TimeSpan.Zero,
            FillHorizon = TimeSpan.Zero,
            NoProgressAfter = TimeSpan.Zero,
            RedeliveryPercent = 0,
            Window = TimeSpan.Zero,
            ClearPercent = 5,
            ClearAfter = TimeSpan.FromDays(1),
        }).Should().Equal(
            "Monitoring:Backpressure:DepthPercent is 0; allowed: 1 to 100.",
            "Monitoring:Backpressure:SevereDepthPercent is 101; allowed: DepthPercent (0) to 100.",
            "Monitoring:Backpressure:UtilizationPercent is NaN; allowed: 1 to 100.",
            "Monitoring:Backpressure:ProcessingTimePercent is 2000; allowed: 1 to 1000.",
            "Monitoring:Backpressure:MinimumAttempts is 0; allowed: 1 to 1000000.",
            "Monitoring:Backpressure:SojournTarget is 00:00:00; allowed: 00:00:00.0010000 to 01:00:00.",
            "Monitoring:Backpressure:OldestTaskAge is 00:00:00; allowed: 00:00:01 to 1.00:00:00.",
            "Monitoring:Backpressure:FillHorizon is 00:00:00; allowed: 00:00:01 to 1.00:00:00.",
            "Monitoring:Backpressure:NoProgressAfter is 00:00:00; allowed: 00:00:01 to 1.00:00:00.",
            "Monitoring:Backpressure:RedeliveryPercent is 0; allowed: 1 to 100.",
            "Monitoring:Backpressure:Window is 00:00:00; allowed: 00:00:01 to 00:10:00.",
            "Monitoring:Backpressure:ClearPercent is 5; allowed: 10 to 100.",
            "Monitoring:Backpressure:ClearAfter is 1.00:00:00; allowed: 00:00:00 to 00:10:00.");
    }

    private static IReadOnlyList<string> Messages(BackpressureOptions options)
    {
        var errors = new OptionsErrors("Monitoring:Backpressure");
        options.Validate(errors);
        return errors.Messages;
    }

    private BackpressureStatus Evaluate(BackpressureSignals signals) => Detector().Evaluate(signals, Options);

    private BackpressureDetector Detector() => new(_time);
}
