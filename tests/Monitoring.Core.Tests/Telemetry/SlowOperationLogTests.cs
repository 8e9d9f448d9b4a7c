using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Telemetry;

public sealed class SlowOperationLogTests : IDisposable
{
    private readonly FakeClock _clock = new();
    private readonly JsonLog _json = new();
    private readonly InternalErrors _errors;

    public SlowOperationLogTests() => _errors = new InternalErrors(NullLogger.Instance, _clock);

    public void Dispose() => _json.Dispose();

    [Theory]
    [InlineData(SlowOperationKind.Request, EventIds.SlowRequest, "Slow request ")]
    [InlineData(SlowOperationKind.Webhook, EventIds.SlowWebhook, "Slow webhook ")]
    [InlineData(SlowOperationKind.Redis, EventIds.SlowRedisOperation, "Slow Redis operation ")]
    [InlineData(SlowOperationKind.Query, EventIds.SlowQuery, "Slow query ")]
    [InlineData(SlowOperationKind.Task, EventIds.SlowTask, "Slow task ")]
    internal void A_line_is_an_event_with_an_id_and_named_fields(SlowOperationKind kind, int id, string beginning)
    {
        Record(Log(), kind);

        var line = _json.Lines.Should().ContainSingle().Subject;
        line.GetProperty("EventId").GetInt32().Should().Be(id);
        line.GetProperty("LogLevel").GetString().Should().Be("Warning");
        line.GetProperty("Category").GetString().Should().Be("Monitoring.Slow");
        line.GetProperty("Message").GetString().Should().StartWith(beginning + "export: 1234.5 ms, threshold 1000 ms, completed [");
        var fields = line.GetProperty("State");
        fields.GetProperty("Operation").GetString().Should().Be("export");
        fields.GetProperty("DurationMs").GetDouble().Should().Be(1234.5);
        fields.GetProperty("ThresholdMs").GetDouble().Should().Be(1000);
        fields.GetProperty("Outcome").GetString().Should().Be("completed");
        fields.GetProperty("Source").GetString().Should().Be("here");
        fields.GetProperty("Detail").GetString().Should().Be("why");
        fields.GetProperty("TraceId").GetString().Should().Be("0af7651916cd43dd8448eb211c80319c");
        fields.GetProperty("LeftOut").GetInt64().Should().Be(0);
    }

    [Fact]
    public void A_burst_comes_at_once_then_one_a_second_that_says_how_many_were_left_out()
    {
        var log = Log(new LogOptions { Burst = 5, PerSecond = 1 });

        Record(log, SlowOperationKind.Redis, times: 100);
        LeftOut().Should().Equal(0, 0, 0, 0, 0);

        _clock.Advance(TimeSpan.FromMilliseconds(999));
        Record(log, SlowOperationKind.Redis);
        LeftOut().Should().HaveCount(5);

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Record(log, SlowOperationKind.Redis, times: 2);
        LeftOut().Should().Equal(0, 0, 0, 0, 0, 96);

        _clock.Advance(TimeSpan.FromSeconds(2));
        Record(log, SlowOperationKind.Redis, times: 3);
        LeftOut().Should().Equal(0, 0, 0, 0, 0, 96, 1, 0);

        _clock.Advance(TimeSpan.FromHours(1));
        Record(log, SlowOperationKind.Redis, times: 10);
        LeftOut().Should().HaveCount(13).And.EndWith([1L, 0, 0, 0, 0]);
    }

    [Fact]
    public void Each_kind_has_a_budget_of_its_own()
    {
        var log = Log();
        Record(log, SlowOperationKind.Redis, times: 1000);

        Record(log, SlowOperationKind.Webhook);

        _json.Of(EventIds.SlowWebhook).Should().ContainSingle().Which.GetProperty("State").GetProperty("LeftOut").GetInt64().Should().Be(0);
    }

    [Fact]
    public async Task Under_threads_each_operation_is_a_line_or_counted_once()
    {
        const int Threads = 4;
        const int Each = 5000;
        var log = Log(new LogOptions { Burst = 100, PerSecond = 1 });

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(() => Record(log, SlowOperationKind.Query, Each), TaskCreationOptions.LongRunning)));

        _json.Lines.Should().HaveCount(100, "the clock stood still");
        _clock.Advance(TimeSpan.FromSeconds(1));
        Record(log, SlowOperationKind.Query);
        (LeftOut().Sum() + _json.Lines.Count).Should().Be((Threads * Each) + 1);
    }

    [Fact]
    public void A_logger_that_throws_does_not_reach_the_caller_and_nothing_is_forgotten()
    {
        var log = Log();
        _json.Failure = new IOException("disk full");
        Record(log, SlowOperationKind.Task, times: 7);
        _errors.Count.Should().Be(5);

        _json.Failure = null;
        _clock.Advance(TimeSpan.FromMinutes(1));
        Record(log, SlowOperationKind.Task);

        LeftOut().Should().Equal(7);
    }

    [Fact]
    public void What_nobody_wants_is_neither_logged_nor_counted()
    {
        var log = Log(new LogOptions { SlowOperations = false });
        Record(log, SlowOperationKind.Redis, times: 100);

        log.Reload(new LogOptions());
        Record(log, SlowOperationKind.Redis);
        LeftOut().Should().Equal(0);

        using var quiet = new JsonLog { Minimum = LogLevel.Error };
        new SlowOperationLog(quiet, _clock, new LogOptions(), _errors).Admits(SlowOperationKind.Redis).Should().BeFalse();
    }

    [Fact]
    public void A_text_from_outside_forges_no_line_and_is_cut()
    {
        var log = Log();
        log.Admits(SlowOperationKind.Webhook).Should().BeTrue();
        log.Write(new SlowOperationEvent(SlowOperationKind.Webhook, "a\r\nb\u2028c", default, default, null!) { Detail = new string('x', 100_000) });

        var line = _json.Lines.Should().ContainSingle().Subject;
        line.GetProperty("State").GetProperty("Operation").GetString().Should().Be("a  b c");
        line.GetProperty("State").GetProperty("Detail").GetString().Should().HaveLength(1000);
        line.GetProperty("Message").GetString().Should().NotContainAny("\r", "\n", "\u2028");
    }

    [Fact]
    public void A_slow_operation_without_a_line_allocates_nothing()
    {
        var log = Log();
        Record(log, SlowOperationKind.Redis, times: 10);

        Allocations.Least(() => Record(log, SlowOperationKind.Redis, times: 1000)).Should().Be(0);
    }

    private static void Record(SlowOperationLog log, SlowOperationKind kind, int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            if (log.Admits(kind))
            {
                log.Write(new SlowOperationEvent(kind, "export", TimeSpan.FromMilliseconds(1234.5), TimeSpan.FromSeconds(1), "completed")
                {
                    Source = "here",
                    Detail = "why",
                    TraceId = "0af7651916cd43dd8448eb211c80319c",
                });
            }
        }
    }

    private SlowOperationLog Log(LogOptions? options = null) => new(_json, _clock, options ?? new LogOptions(), _errors);

    private IEnumerable<long> LeftOut() => _json.Lines.Select(line => line.GetProperty("State").GetProperty("LeftOut").GetInt64());
}
