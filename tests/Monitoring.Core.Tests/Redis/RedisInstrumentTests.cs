using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.Redis;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Redis;

public sealed class RedisInstrumentTests : IDisposable
{
    private readonly FakeClock _clock = new();
    private readonly PerformanceMonitor _monitor;
    private readonly MeterListener _listener = new();
    private readonly List<Reading> _readings = [];

    public RedisInstrumentTests()
    {
        _monitor = PerformanceMonitor.Create(timeProvider: _clock);

        // Meters of one name are as many as monitors: other tests have theirs.
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == _monitor.Redis.Telemetry.Meter)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => _readings.Add(new(instrument.Name, value, Text(tags))));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => _readings.Add(new(instrument.Name, value, Text(tags))));
    }

    public void Dispose()
    {
        _listener.Dispose();
        _monitor.Dispose();
    }

    [Fact]
    public void Each_instrument_has_a_unit_and_a_description_and_a_documented_name()
    {
        var instruments = new List<Instrument>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter == _monitor.Redis.Telemetry.Meter)
            {
                instruments.Add(instrument);
            }
        };
        listener.Start();

        var names = typeof(RedisTelemetryNames).GetFields().Select(f => (string)f.GetRawConstantValue()!).Except([RedisTelemetryNames.Meter]);
        instruments.Select(i => i.Name).Should().BeEquivalentTo(names).And.OnlyHaveUniqueItems();
        instruments.Should().OnlyContain(i => !string.IsNullOrEmpty(i.Unit) && i.Description!.EndsWith('.'));
    }

    [Fact]
    public void Failures_are_told_by_error_and_category()
    {
        var get = _monitor.Redis.GetOperation("GET");
        get.Failed(Stopwatch.GetTimestamp(), RedisFailureKind.Server, "WRONGTYPE");
        get.Failed(Stopwatch.GetTimestamp(), RedisFailureKind.Timeout, "RedisTimeoutException");
        _monitor.Redis.GetOperation("SET").Failed(Stopwatch.GetTimestamp(), RedisFailureKind.Server, "WRONGTYPE");
        _monitor.Redis.GetOperation("SET").Failed(Stopwatch.GetTimestamp(), RedisFailureKind.Server, "NOPERM");

        Collect(RedisTelemetryNames.Errors).Should().BeEquivalentTo<Reading>(
        [
            new(RedisTelemetryNames.Errors, 2, "db.system.name=redis error.type=WRONGTYPE redis.client.errors.category=server db.response.status_code=WRONGTYPE"),
            new(RedisTelemetryNames.Errors, 1, "db.system.name=redis error.type=RedisTimeoutException redis.client.errors.category=network"),
            new(RedisTelemetryNames.Errors, 1, "db.system.name=redis error.type=NOPERM redis.client.errors.category=auth db.response.status_code=NOPERM"),
        ]);
    }

    [Fact]
    public void Totals_grow_for_ever_whatever_the_window()
    {
        _monitor.Redis.GetOperation("GET").Failed(Stopwatch.GetTimestamp(), RedisFailureKind.Server, "ERR");
        _monitor.Redis.GetOperation("GET").Sent();
        _monitor.Redis.Channels.Get("orders:1").Published();
        _monitor.Redis.Channels.Get("orders:2").Received();
        _clock.Advance(TimeSpan.FromHours(2));

        Collect(RedisTelemetryNames.Errors).Single().Value.Should().Be(1);
        Collect(RedisTelemetryNames.ForgottenRequests).Single().Value.Should().Be(1);
        Collect(RedisTelemetryNames.PubSubMessages).Should().BeEquivalentTo<Reading>(
        [
            new(RedisTelemetryNames.PubSubMessages, 1, "db.system.name=redis redis.client.pubsub.message.direction=out redis.client.pubsub.channel=orders:{id}"),
            new(RedisTelemetryNames.PubSubMessages, 1, "db.system.name=redis redis.client.pubsub.message.direction=in redis.client.pubsub.channel=orders:{id}"),
        ]);
    }

    [Fact]
    public void Connections_are_told_by_name_server_and_kind()
    {
        using var registration = _monitor.Redis.AddConnection(static () => new RedisConnectionStatus
        {
            Name = "cache",
            Failures = 3,
            Restores = 2,
            Sockets =
            [
                new RedisSocketStatus { EndPoint = "redis.example:6380", Kind = "Interactive", IsConnected = true, Unsent = 4, AwaitingResponse = 5, AwaitingCompletion = 6 },
                new RedisSocketStatus { EndPoint = "/tmp/redis.sock", Kind = "Subscription", IsConnected = false },
            ],
        });
        const string interactive = "db.system.name=redis db.client.connection.pool.name=cache server.address=redis.example server.port=6380 redis.client.connection.pubsub=False";
        const string subscription = "db.system.name=redis db.client.connection.pool.name=cache server.address=/tmp/redis.sock redis.client.connection.pubsub=True";

        Collect(RedisTelemetryNames.ConnectionCount).Should().BeEquivalentTo<Reading>(
        [
            new(RedisTelemetryNames.ConnectionCount, 1, interactive + " db.client.connection.state=used"),
            new(RedisTelemetryNames.ConnectionCount, 0, subscription + " db.client.connection.state=used"),
        ]);
        Collect(RedisTelemetryNames.PendingRequests).Should().Contain(new Reading(RedisTelemetryNames.PendingRequests, 4, interactive));
        Collect(RedisTelemetryNames.AwaitingResponse).Should().Contain(new Reading(RedisTelemetryNames.AwaitingResponse, 5, interactive));
        Collect(RedisTelemetryNames.AwaitingCompletion).Should().Contain(new Reading(RedisTelemetryNames.AwaitingCompletion, 6, interactive));
        Collect(RedisTelemetryNames.ConnectionFailures).Single().Value.Should().Be(3);
        Collect(RedisTelemetryNames.ConnectionRestores).Single().Value.Should().Be(2);
    }

    [Fact]
    public void Servers_and_groups_are_told_as_far_as_they_say_something()
    {
        _monitor.Redis.FindServer("[::1]:6379")!.Publish(new RedisServerStatistics { EndPoint = "[::1]:6379", UsedMemoryBytes = 1_000, HitRatePercent = 75 });
        using var registration = _monitor.Redis.AddConnection(static () => new RedisConnectionStatus
        {
            Name = "cache",
            StreamGroups =
            [
                new RedisStreamGroupStatus { Stream = "orders", Group = "billing", Exists = true, Pending = 7 },
                new RedisStreamGroupStatus { Stream = "gone", Group = "billing" },
            ],
        });

        Collect(RedisTelemetryNames.ServerMemoryUsed).Should().Equal(new Reading(RedisTelemetryNames.ServerMemoryUsed, 1_000, "db.system.name=redis server.address=::1 server.port=6379"));
        Collect(RedisTelemetryNames.ServerHitRatio).Single().Value.Should().Be(0.75);
        Collect(RedisTelemetryNames.ServerMemoryLimit).Should().BeEmpty();
        Collect(RedisTelemetryNames.StreamPending).Single().Value.Should().Be(7);
        Collect(RedisTelemetryNames.StreamLag).Should().BeEmpty();
    }

    [Fact]
    public void A_circuit_tells_its_state_and_what_it_refused()
    {
        var circuit = _monitor.CircuitBreakers.GetOrAdd("cache", static _ => true);
        circuit.Isolate();

        Collect(RedisTelemetryNames.CircuitState).Should().Equal(new Reading(RedisTelemetryNames.CircuitState, 2, "db.system.name=redis monitoring.redis.circuit.name=cache"));
        Collect(RedisTelemetryNames.CircuitTrips).Should().HaveCount(1);
        Collect(RedisTelemetryNames.CircuitRejections).Single().Value.Should().Be(0);
    }

    [Fact]
    public void The_duration_of_a_handler_is_told_with_what_it_threw()
    {
        _listener.Start();
        var channel = _monitor.Redis.Channels.Get("orders");

        channel.Handled(channel.Received(), null);
        channel.Handled(channel.Received(), new InvalidOperationException());

        _readings.Select(r => (r.Instrument, r.Tags)).Should().Equal(
            (RedisTelemetryNames.HandlerDuration, "db.system.name=redis redis.client.pubsub.channel=orders"),
            (RedisTelemetryNames.HandlerDuration, "db.system.name=redis redis.client.pubsub.channel=orders error.type=System.InvalidOperationException"));
    }

    [Fact]
    public void A_connection_that_cannot_be_read_is_an_error_of_the_monitors_own()
    {
        using var registration = _monitor.Redis.AddConnection(static () => throw new InvalidOperationException());

        Collect(RedisTelemetryNames.ConnectionCount).Should().BeEmpty();
        _monitor.Redis.Errors.Count.Should().BePositive();
    }

    [Fact]
    public void A_container_that_makes_meters_makes_ours_and_a_disposed_monitor_tells_nothing_more()
    {
        using var services = new ServiceCollection().AddMetrics().AddMonitoring().Services.BuildServiceProvider();
        var meter = services.GetRequiredService<IPerformanceMonitor>().Redis.Telemetry.Meter;

        meter.Scope.Should().BeSameAs(services.GetRequiredService<IMeterFactory>());
        meter.Name.Should().Be("Monitoring.Redis");
        _listener.Start();
        _monitor.Dispose();
        _monitor.Redis.Telemetry.IsListening.Should().BeFalse();
    }

    private List<Reading> Collect(string instrument)
    {
        _readings.Clear();
        _listener.Start();
        _listener.RecordObservableInstruments();
        return [.. _readings.Where(r => r.Instrument == instrument)];
    }

    private static string Text(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        string.Join(' ', tags.ToArray().Select(static tag => $"{tag.Key}={tag.Value}"));

    private sealed record Reading(string Instrument, double Value, string Tags);
}
