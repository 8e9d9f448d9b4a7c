using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Redis;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Redis;

/// <summary>The source of spans is the process's: whoever listens, listens to all tests.</summary>
[Collection(nameof(Alone))]
public sealed class RedisTelemetryTests : IDisposable
{
    private static readonly long HalfSecond = Stopwatch.Frequency / 2;

    private readonly FakeClock _clock = new();
    private readonly RedisTelemetry _telemetry;
    private readonly RedisOperationTags _get = new("GET", "redis.example:6380", 2);
    private readonly List<Activity> _spans = [];

    public RedisTelemetryTests() => _telemetry = new RedisTelemetry(_clock, new InternalErrors(NullLogger.Instance, _clock), null);

    public void Dispose() => _telemetry.Dispose();

    [Fact]
    public void Nobody_listens_unless_somebody_does()
    {
        _telemetry.IsListening.Should().BeFalse();
        RedisTelemetry.Begin().Should().BeNull();

        using (Listen(ActivitySamplingResult.AllData))
        {
            _telemetry.IsListening.Should().BeTrue();
        }

        using (Measure([]))
        {
            _telemetry.IsListening.Should().BeTrue();
        }
    }

    [Fact]
    public void A_span_says_when_and_what_and_belongs_to_who_called()
    {
        using var listener = Listen(ActivitySamplingResult.AllDataAndRecorded);
        using var caller = new Activity("caller").Start();
        var parent = RedisTelemetry.Begin();
        caller.Stop();

        _telemetry.Completed(_get, HalfSecond, parent);

        var span = _spans.Should().ContainSingle().Subject;
        span.DisplayName.Should().Be("GET redis.example:6380");
        span.Kind.Should().Be(ActivityKind.Client);
        span.ParentSpanId.Should().Be(caller.SpanId);
        span.TraceId.Should().Be(caller.TraceId);
        span.Duration.Should().Be(TimeSpan.FromSeconds(0.5));
        (span.StartTimeUtc + span.Duration).Should().Be(_clock.GetUtcNow().UtcDateTime);
        span.Status.Should().Be(ActivityStatusCode.Unset);
        Tags(span).Should().Be("db.system.name=redis db.operation.name=GET db.namespace=2 server.address=redis.example server.port=6380");
        Activity.Current.Should().BeNull();
    }

    [Fact]
    public void A_failed_one_says_how_and_never_quotes_a_message()
    {
        using var listener = Listen(ActivitySamplingResult.AllDataAndRecorded);

        _telemetry.Completed(new("MULTI", null, null), 1, null, new("WRONGTYPE", "WRONGTYPE", false), batchSize: 3);

        var span = _spans.Single();
        span.DisplayName.Should().Be("MULTI");
        span.Status.Should().Be(ActivityStatusCode.Error);
        span.StatusDescription.Should().BeNull();
        Tags(span).Should().Be("db.system.name=redis db.operation.name=MULTI db.operation.batch.size=3 error.type=WRONGTYPE db.response.status_code=WRONGTYPE");
    }

    [Fact]
    public void An_operation_without_a_parent_does_not_get_whoever_is_current_when_it_ends()
    {
        using var listener = Listen(ActivitySamplingResult.AllDataAndRecorded);
        using var bystander = new Activity("bystander").Start();

        _telemetry.Completed(_get, 1, parent: null);

        _spans.Single().ParentSpanId.Should().Be(default(ActivitySpanId));
        _spans.Single().TraceId.Should().NotBe(bystander.TraceId);
        Activity.Current.Should().BeSameAs(bystander);
    }

    [Theory]
    [InlineData(ActivitySamplingResult.None)]
    [InlineData(ActivitySamplingResult.AllDataAndRecorded)]
    public void What_is_current_for_the_caller_stays_so(ActivitySamplingResult sampling)
    {
        using var listener = Listen(sampling);
        using var caller = new Activity("caller").Start();

        _telemetry.Completed(_get, 1, RedisTelemetry.Begin());

        Activity.Current.Should().BeSameAs(caller);
        _spans.Should().HaveCount(sampling == ActivitySamplingResult.None ? 0 : 1);
    }

    [Fact]
    public void A_duration_is_in_seconds_and_a_rejected_call_has_none()
    {
        var readings = new List<(double Seconds, string Tags)>();
        using var listener = Measure(readings);

        _telemetry.Completed(_get, HalfSecond, null);
        _telemetry.Completed(_get, HalfSecond, null, new("StackExchange.Redis.RedisTimeoutException", null, false));
        _telemetry.Completed(_get, HalfSecond, null, new("Monitoring.Redis.RedisCircuitOpenException", null, true));

        const string attributes = "db.system.name=redis db.operation.name=GET db.namespace=2 server.address=redis.example server.port=6380";
        readings.Should().Equal((0.5, attributes), (0.5, attributes + " error.type=StackExchange.Redis.RedisTimeoutException"));
    }

    [Fact]
    public void Errors_are_told_apart_up_to_a_limit()
    {
        var readings = new List<(double Seconds, string Tags)>();
        using var listener = Measure(readings);

        for (var i = 0; i < 200; i++)
        {
            _telemetry.Completed(_get, 1, null, new($"E{i}", $"E{i}", false));
        }

        readings.Select(r => r.Tags).Distinct().Should().HaveCount(65);
        readings[^1].Tags.Should().EndWith("error.type=_OTHER db.response.status_code=_OTHER");
    }

    [Fact]
    public void The_buckets_are_fine_enough_for_Redis()
    {
        Instrument? duration = null;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) => duration = instrument.Meter == _telemetry.Meter && instrument.Name == RedisTelemetryNames.OperationDuration ? instrument : duration,
        };
        listener.Start();

        var boundaries = ((Histogram<double>)duration!).Advice!.HistogramBucketBoundaries!;

        boundaries.Should().BeInAscendingOrder().And.Contain([0.000_05, 0.001, 10]);
        boundaries.Count(b => b < 0.001).Should().BeGreaterThanOrEqualTo(4);
    }

    [Fact]
    public void A_success_that_is_measured_allocates_nothing()
    {
        var sum = 0.0;
        using var listener = Listener((seconds, _) => sum += seconds);

        Allocated(() => _telemetry.Completed(_get, 1, null)).Should().Be(0);
        sum.Should().BePositive();
    }

    [Fact]
    public void A_span_that_the_sampler_refuses_allocates_nothing()
    {
        using var listener = Listen(ActivitySamplingResult.None);
        using var caller = new Activity("caller").Start();

        Allocated(() => _telemetry.Completed(_get, 1, RedisTelemetry.Begin())).Should().Be(0);
        _spans.Should().BeEmpty();
    }

    [Fact]
    public void A_listener_that_throws_is_an_error_of_the_monitors_own()
    {
        var errors = new InternalErrors(NullLogger.Instance, _clock);
        using var telemetry = new RedisTelemetry(_clock, errors, null);
        using var listener = new MeterListener { InstrumentPublished = (i, l) => { if (i.Meter == telemetry.Meter) { l.EnableMeasurementEvents(i); } } };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => throw new InvalidOperationException());
        listener.Start();

        telemetry.Completed(_get, 1, null);

        errors.Count.Should().Be(1);
    }

    private static long Allocated(Action call)
    {
        for (var i = 0; i < 50_000; i++)
        {
            call();
        }

        // The runtime itself allocates now and then (tiering); what the call allocates, it allocates every time.
        var least = long.MaxValue;
        for (var round = 0; round < 10; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                call();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private ActivityListener Listen(ActivitySamplingResult sampling)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == RedisTelemetryNames.ActivitySource,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => sampling,
            ActivityStopped = _spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private MeterListener Measure(List<(double Seconds, string Tags)> readings) => Listener((seconds, tags) => readings.Add((seconds, Text(tags.ToArray()))));

    private delegate void Callback(double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags);

    private MeterListener Listener(Callback callback)
    {
        var listener = new MeterListener { InstrumentPublished = (i, l) => { if (i.Meter == _telemetry.Meter) { l.EnableMeasurementEvents(i); } } };
        listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) => callback(seconds, tags));
        listener.Start();
        return listener;
    }

    private static string Tags(Activity span) => Text(span.TagObjects);

    private static string Text(IEnumerable<KeyValuePair<string, object?>> tags) => string.Join(' ', tags.Select(static tag => $"{tag.Key}={tag.Value}"));
}
