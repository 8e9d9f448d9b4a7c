using System.Diagnostics;
using System.Text.Json;
using Monitoring.Latency;
using Monitoring.Telemetry;
using Monitoring.TestSupport;
using Monitoring.Validation;
using Monitoring.Webhooks;

namespace Monitoring.Core.Tests.Webhooks;

public class WebhookMonitorTests
{
    private readonly FakeClock _time = new();
    private readonly SliceClock _clock;
    private readonly WebhookMonitor _monitor;

    public WebhookMonitorTests()
    {
        _clock = new SliceClock(_time);
        _monitor = new WebhookMonitor(_clock, new WebhookOptions { RecentCapacity = 3, MaxEndpoints = 2, MaxPhases = 2 });
    }

    [Fact]
    public void An_empty_window_is_all_zeros()
    {
        var summary = _monitor.GetSummary();

        summary.Should().BeEquivalentTo(new WebhookTimingSummary { Window = TimeSpan.FromHours(1) }, options => options.Excluding(empty => empty.Compliance).Excluding(empty => empty.Objective));
        summary.Compliance.Should().OnlyContain(compliance => compliance.Count == 0 && compliance.Within500MsPercent == 0 && compliance.Within2SPercent == 0);
        summary.Objective.BurnRates.Should().OnlyContain(burn => burn.Count == 0 && burn.Rate == 0);
        (summary.Objective.Count, summary.Objective.Misses, summary.Objective.CompliancePercent, summary.Objective.ErrorBudgetRemainingPercent).Should().Be((0, 0, 0, 100));
    }

    [Fact]
    public void Compliance_is_counted_exactly_at_the_limits()
    {
        Record("github", 1, 499, 500, 500.0001, 2_000, 2_000.0001, 9_000);

        var summary = _monitor.GetSummary();

        summary.Count.Should().Be(7);
        summary.Within500MsPercent.Should().BeApproximately(300.0 / 7, 1e-9);
        summary.Within2SPercent.Should().BeApproximately(500.0 / 7, 1e-9);
        summary.Minimum.Should().Be(Ms(1));
        summary.Maximum.Should().Be(Ms(9_000));
    }

    [Fact]
    public void Endpoints_are_told_apart_and_add_up_to_the_whole()
    {
        Record("github", 100, 100, 100);
        Record("twilio", 3_000);

        var summary = _monitor.GetSummary();

        summary.Count.Should().Be(4);
        summary.Average.Should().BeCloseTo(Ms(825), Ms(0.2));
        summary.P50.Should().BeCloseTo(Ms(100), Ms(3.2));
        summary.P99.Should().Be(Ms(3_000));
        summary.Endpoints.Select(e => (e.Endpoint, e.Count, e.Within2SPercent)).Should().Equal(("github", 3, 100), ("twilio", 1, 0));
        summary.Endpoints[1].P95.Should().Be(Ms(3_000));
    }

    [Fact]
    public void Shares_say_where_the_time_goes()
    {
        _monitor.Record(new WebhookTimingBreakdown
        {
            Endpoint = "github",
            Total = Ms(200),
            Phases = [new(WebhookPhase.CacheLookup, Ms(150), self: Ms(50)), new(WebhookPhase.RedisOperation, Ms(100))],
        });
        _monitor.Record(new WebhookTimingBreakdown { Endpoint = "github", Total = Ms(200), Phases = [new(WebhookPhase.RedisOperation, Ms(60))] });

        var phases = _monitor.GetSummary().Phases;

        phases.Select(phase => (phase.Name, phase.Count)).Should().Equal(("RedisOperation", 2), ("CacheLookup", 1));
        phases[0].SharePercent.Should().BeApproximately(40, 0.05);
        phases[0].Average.Should().BeCloseTo(Ms(80), Ms(0.1));
        phases[0].AverageSelf.Should().Be(Ms(80));
        phases[1].SharePercent.Should().BeApproximately(12.5, 0.05);
        phases[1].Average.Should().Be(Ms(150));
        phases[1].P95.Should().Be(Ms(150));
        phases[1].AverageSelf.Should().Be(Ms(50));
    }

    [Fact]
    public void The_window_slides_but_the_recent_list_stays()
    {
        Record("github", 100);
        _time.Advance(TimeSpan.FromSeconds(30));
        Record("github", 200);

        _monitor.GetSummary(TimeSpan.FromSeconds(10)).Count.Should().Be(1);
        _monitor.GetSummary(TimeSpan.FromMinutes(1)).Count.Should().Be(2);
        _time.Advance(TimeSpan.FromMinutes(62));
        var summary = _monitor.GetSummary();
        summary.Count.Should().Be(0);
        summary.Endpoints.Should().BeEmpty();
        summary.Recent.Should().HaveCount(2);
    }

    [Fact]
    public void Names_beyond_the_cap_share_an_entry_and_are_counted()
    {
        for (var i = 0; i < 10; i++)
        {
            _monitor.Record(new WebhookTimingBreakdown { Endpoint = $"e{i}", Total = Ms(1), Phases = [new($"p{i}", Ms(1))] });
        }

        var summary = _monitor.GetSummary();

        summary.Endpoints.Select(e => (e.Endpoint, e.Count)).Should().BeEquivalentTo([("e0", 1L), ("e1", 1L), ("OTHER", 8L)]);
        summary.Phases.Select(p => (p.Name, p.Count)).Should().BeEquivalentTo([("p0", 1L), ("p1", 1L), ("OTHER", 8L)]);
        summary.OverflowedEndpoints.Should().Be(8);
        summary.OverflowedPhases.Should().Be(8);
        summary.Recent.Select(breakdown => breakdown.Endpoint).Should().Equal("e9", "e8", "e7");
    }

    [Fact]
    public void Threads_that_meet_a_new_endpoint_at_once_share_one_series()
    {
        Parallel.For(0, 1_000, i => Record(i % 2 == 0 ? "github" : "twilio", 5));

        _monitor.GetSummary().Endpoints.Select(e => e.Count).Should().Equal(500, 500);
    }

    [Fact]
    public void Alert_rules_read_the_95th_percentile_of_each_endpoint_and_where_its_time_went()
    {
        var breakdown = new WebhookTimingBreakdown
        {
            Endpoint = "github",
            Total = Ms(1_000),
            TraceId = "0af7651916cd43dd8448eb211c80319c",
            Phases = [new(WebhookPhase.RedisOperation, Ms(900)), new(WebhookPhase.Validation, Ms(50))],
        };
        _monitor.Record(breakdown);
        Record("twilio", 10, 10);
        var readings = new List<MetricReading>();

        _monitor.Collect(readings, TimeSpan.FromSeconds(10));

        readings.Select(r => (r.Metric, r.Instance, r.Value, r.Count)).Should().BeEquivalentTo(
            [(MetricNames.WebhookResponseTime, "github", 1_000.0, 1L), (MetricNames.WebhookResponseTime, "twilio", 10.0, 2L), (MetricNames.WebhookObjective, null, 100.0 / 3, 3L)]);
        readings.Single(r => r.Instance == "github").Context!().Should().Equal(new Dictionary<string, string>
        {
            ["slowestMs"] = "1000",
            ["traceId"] = breakdown.TraceId,
            ["topPhases"] = "RedisOperation 90 %, Validation 5 %",
        });
    }

    [Fact]
    public void A_webhook_remembers_its_trace()
    {
        using var activity = new Activity("webhook").SetIdFormat(ActivityIdFormat.W3C).Start();
        _monitor.Begin("github").Dispose();

        _monitor.GetSummary().Recent[0].TraceId.Should().Be(activity.TraceId.ToHexString());
    }

    [Fact]
    public void Nonsense_is_recorded_without_complaint()
    {
        _monitor.Record(null!);
        _monitor.Record(new WebhookTimingBreakdown { Endpoint = null!, Total = TimeSpan.MinValue, Phases = null! });
        _monitor.Record(new WebhookTimingBreakdown { Endpoint = new string('x', 10_000), Total = Ms(1) });
        _monitor.Record(new WebhookTimingBreakdown { Endpoint = " ", Total = TimeSpan.MaxValue, Phases = [null!, new(default, Ms(-1))] });

        var summary = _monitor.GetSummary();

        summary.Count.Should().Be(3);
        summary.Endpoints.Single().Endpoint.Should().Be("OTHER");
        summary.Phases.Single().SharePercent.Should().Be(0);
    }

    [Fact]
    public void The_summary_is_plain_data_for_JSON()
    {
        using (var timing = _monitor.Begin("github"))
        using (timing.Measure(WebhookPhase.Validation))
        {
            _time.Advance(Ms(5));
        }

        var json = JsonSerializer.Serialize(_monitor.GetSummary());

        json.Should().Contain("\"Within500MsPercent\":100").And.Contain("\"Name\":\"Validation\"").And.Contain("\"Wall\":\"00:00:00.0050000\"");
    }

    [Fact]
    public void Recording_a_breakdown_of_known_names_allocates_nothing()
    {
        var breakdown = new WebhookTimingBreakdown { Endpoint = "github", Total = Ms(3), Phases = [new(WebhookPhase.Validation, Ms(1))] };
        for (var i = 0; i < 100; i++)
        {
            _monitor.Record(breakdown);
        }

        Allocations.Least(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                _monitor.Record(breakdown);
            }
        }).Should().Be(0);
    }

    [Theory]
    [InlineData(nameof(WebhookOptions.RecentCapacity), -1, "0 to 10000")]
    [InlineData(nameof(WebhookOptions.MaxEndpoints), 0, "1 to 1000")]
    [InlineData(nameof(WebhookOptions.MaxPhases), 257, "1 to 256")]
    public void A_wrong_option_is_named_with_its_value_and_range(string key, int value, string range)
    {
        var options = new WebhookOptions();
        typeof(WebhookOptions).GetProperty(key)!.SetValue(options, value);
        var errors = new OptionsErrors("Monitoring:Webhooks");

        options.Validate(errors);

        errors.Messages.Should().Equal($"Monitoring:Webhooks:{key} is {value}; allowed: {range}.");
    }

    [Fact]
    public void The_defaults_are_valid()
    {
        var errors = new OptionsErrors("Monitoring:Webhooks");

        new WebhookOptions().Validate(errors);

        errors.Messages.Should().BeEmpty();
    }

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private void Record(string endpoint, params double[] milliseconds)
    {
        foreach (var value in milliseconds)
        {
            _monitor.Record(new WebhookTimingBreakdown { Endpoint = endpoint, Total = TimeSpan.FromTicks((long)Math.Round(value * TimeSpan.TicksPerMillisecond)) });
        }
    }
}
