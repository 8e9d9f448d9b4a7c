using System.Diagnostics;
using System.Net;
using Monitoring.Redis.Decorators;
using NSubstitute;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using StackExchange.Redis;

namespace Monitoring.Redis.Tests.Telemetry;

[Collection(nameof(Alone))]
public sealed class CompiledOpenTelemetryTests() : OpenTelemetryTests(DecoratorChoice.Automatic);

[Collection(nameof(Alone))]
public sealed class DynamicOpenTelemetryTests() : OpenTelemetryTests(DecoratorChoice.Dynamic);

/// <summary>What OpenTelemetry's own SDK makes of a monitored multiplexer.</summary>
public abstract class OpenTelemetryTests : IDisposable
{
    private const string Attributes = "db.namespace=3 db.operation.name=GET db.system.name=redis server.address=redis.example server.port=6380";

    private readonly PerformanceMonitor _monitor = PerformanceMonitor.Create();
    private readonly List<Activity> _spans = [];
    private readonly IDatabase _inner = Substitute.For<IDatabase>();
    private readonly IDatabase _database;

    private protected OpenTelemetryTests(DecoratorChoice choice)
    {
        var multiplexer = Substitute.For<IConnectionMultiplexer>();
        multiplexer.GetEndPoints(Arg.Any<bool>()).Returns([new DnsEndPoint("redis.example", 6380)]);
        multiplexer.GetDatabase(Arg.Any<int>(), Arg.Any<object?>()).Returns(_inner);
        _inner.Database.Returns(3);
        _inner.StringGetAsync("key").Returns("value");
        _database = RedisDecoration.Decorate(multiplexer, _monitor, new RedisConnectionOptions { Name = "test", UseDiagnostics = false }, null, choice).GetDatabase();
    }

    public void Dispose() => _monitor.Dispose();

    [Fact]
    public async Task Each_command_is_a_span_below_its_caller()
    {
        using var tracing = Tracing(new AlwaysOnSampler());
        using var caller = new Activity("caller").Start();
        var pending = new TaskCompletionSource<RedisValue>();
        _inner.StringGetAsync("pending").Returns(pending.Task);

        await _database.StringGetAsync("key");
        var task = _database.StringGetAsync("pending");
        Activity.Current.Should().BeSameAs(caller);
        var completing = Task.Run(() =>
        {
            Activity.Current = null;
            pending.SetResult("value");
            return Activity.Current;
        });
        (await task).Should().Be("value");
        (await completing).Should().BeNull("nothing is left in the flow that completed it");
        _database.StringGet("key");

        _spans.Should().HaveCount(3).And.OnlyContain(span =>
            span.DisplayName == "GET redis.example:6380"
            && span.Kind == ActivityKind.Client
            && span.ParentSpanId == caller.SpanId
            && span.TraceId == caller.TraceId
            && span.Status == ActivityStatusCode.Unset
            && Text(span.TagObjects) == Attributes);
        Activity.Current.Should().BeSameAs(caller);
    }

    [Fact]
    public async Task A_failed_command_says_how_and_quotes_nothing()
    {
        using var tracing = Tracing(new AlwaysOnSampler());
        _inner.StringGetAsync("secret").Returns(Task.FromException<RedisValue>(new RedisServerException("WRONGTYPE secret is of another type")));
        _inner.When(d => d.StringGet("secret")).Do(_ => throw new RedisTimeoutException("GET secret", CommandStatus.Sent));

        await _database.Invoking(d => d.StringGetAsync("secret")).Should().ThrowAsync<RedisServerException>();
        _database.Invoking(d => d.StringGet("secret")).Should().Throw<RedisTimeoutException>();

        _spans.Select(span => Text(span.TagObjects)).Should().Equal(
            "db.namespace=3 db.operation.name=GET db.response.status_code=WRONGTYPE db.system.name=redis error.type=WRONGTYPE server.address=redis.example server.port=6380",
            "db.namespace=3 db.operation.name=GET db.system.name=redis error.type=StackExchange.Redis.RedisTimeoutException server.address=redis.example server.port=6380");
        _spans.Should().OnlyContain(span => span.Status == ActivityStatusCode.Error && span.StatusDescription == null && !span.Events.Any());
    }

    [Fact]
    public async Task A_batch_is_one_span_with_its_size()
    {
        using var tracing = Tracing(new AlwaysOnSampler());
        var batch = Substitute.For<IBatch>();
        var (first, second) = (new TaskCompletionSource<RedisValue>(), new TaskCompletionSource<bool>());
        batch.StringGetAsync("a").Returns(first.Task);
        batch.KeyExistsAsync("b").Returns(second.Task);
        _inner.CreateBatch().Returns(batch);

        var monitored = _database.CreateBatch();
        var tasks = (monitored.StringGetAsync("a"), monitored.KeyExistsAsync("b"));
        monitored.Execute();
        first.SetResult("value");
        second.SetResult(true);
        await tasks.Item1;
        await tasks.Item2;

        var span = _spans.Should().ContainSingle().Subject;
        span.DisplayName.Should().StartWith("PIPELINE");
        span.GetTagItem("db.operation.batch.size").Should().Be(2);
    }

    [Fact]
    public async Task What_the_sampler_refuses_leaves_no_span_and_the_caller_as_it_was()
    {
        using var tracing = Tracing(new AlwaysOffSampler());
        using var caller = new Activity("caller").Start();

        await _database.StringGetAsync("key");
        _database.StringGet("key");

        _spans.Should().BeEmpty();
        Activity.Current.Should().BeSameAs(caller);
    }

    [Fact]
    public void Durations_are_exported_in_seconds_with_the_advised_buckets()
    {
        var exported = new List<(string Name, string Unit, long Count, double[] Bounds, string Tags)>();
        using var metrics = Sdk.CreateMeterProviderBuilder()
            .AddMeter(RedisTelemetryNames.Meter)
            .AddReader(new BaseExportingMetricReader(new MetricExporter(exported)))
            .Build();

        _database.StringGet("key");
        _database.StringGet("key");
        metrics.ForceFlush();

        var (name, unit, count, bounds, tags) = exported.Should().ContainSingle(m => m.Name == "db.client.operation.duration").Subject;
        (unit, count, tags).Should().Be(("s", 2, Attributes));
        bounds.Should().StartWith([0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001]).And.EndWith(double.PositiveInfinity);
    }

    private static string Text(IEnumerable<KeyValuePair<string, object?>> tags) =>
        string.Join(' ', tags.OrderBy(static tag => tag.Key, StringComparer.Ordinal).Select(static tag => $"{tag.Key}={tag.Value}"));

    private TracerProvider Tracing(Sampler sampler) => Sdk.CreateTracerProviderBuilder()
        .AddSource(RedisTelemetryNames.ActivitySource)
        .SetSampler(sampler)
        .AddProcessor(new SimpleActivityExportProcessor(new SpanExporter(_spans)))
        .Build();

    private sealed class SpanExporter(List<Activity> spans) : BaseExporter<Activity>
    {
        public override ExportResult Export(in Batch<Activity> batch)
        {
            foreach (var span in batch)
            {
                spans.Add(span);
            }

            return ExportResult.Success;
        }
    }

    private sealed class MetricExporter(List<(string Name, string Unit, long Count, double[] Bounds, string Tags)> exported) : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch)
            {
                if (metric.MetricType == MetricType.Histogram)
                {
                    foreach (ref readonly var point in metric.GetMetricPoints())
                    {
                        exported.Add((metric.Name, metric.Unit, point.GetHistogramCount(), BoundsOf(in point), TagsOf(in point)));
                    }
                }
            }

            return ExportResult.Success;
        }

        private static double[] BoundsOf(ref readonly MetricPoint point)
        {
            var bounds = new List<double>();
            foreach (var bucket in point.GetHistogramBuckets())
            {
                bounds.Add(bucket.ExplicitBound);
            }

            return [.. bounds];
        }

        private static string TagsOf(ref readonly MetricPoint point)
        {
            var tags = new List<KeyValuePair<string, object?>>();
            foreach (var tag in point.Tags)
            {
                tags.Add(tag);
            }

            return Text(tags);
        }
    }
}
