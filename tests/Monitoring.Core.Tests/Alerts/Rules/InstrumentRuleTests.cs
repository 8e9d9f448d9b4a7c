using System.Diagnostics.Metrics;
using Monitoring.Alerts;
using Monitoring.Alerts.Rules.Instruments;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Alerts.Rules;

/// <summary>Rules over real instruments of this process; each test has a meter of its own.</summary>
public sealed class InstrumentRuleTests : IDisposable
{
    private readonly Meter _meter = new($"Shop.{Guid.NewGuid():N}");

    public void Dispose() => _meter.Dispose();

    [Fact]
    public void A_counter_has_a_rate_once_its_window_has_been_listened_to()
    {
        var orders = _meter.CreateCounter<long>("orders", "{order}");
        using var stage = new RuleStage(Rule("orders", comparison: "below", warning: 5));
        stage.Run(10);
        stage.Found.Should().BeEmpty("before that, few would look like too few");

        stage.Run(1);
        stage.Only.Confirmed.Should().Be(AlertLevel.None, "the long window is not covered yet");
        stage.Run(50);
        stage.Only.Should().BeEquivalentTo(new { Confirmed = AlertLevel.Warning, Reading = new { Value = 0.0, Instance = (string?)null } });

        stage.Run(60, () => orders.Add(6, new KeyValuePair<string, object?>("region", "eu")));
        stage.Only.Should().BeEquivalentTo(new { Held = AlertLevel.None, Reading = new { Value = 6.0, Count = 60L } });
        stage.Only.Rule.Message(stage.Only.Reading, AlertLevel.Warning).Should().Be($"rule: {_meter.Name}/orders is 6 order/s, back above the warning threshold of 5 order/s.");
    }

    [Fact]
    public void What_was_counted_before_does_not_count()
    {
        var orders = _meter.CreateCounter<int>("orders");
        orders.Add(1_000_000);
        using var stage = new RuleStage(Rule("orders", statistic: "sum", warning: 1000));
        stage.Run(11, () => orders.Add(1));

        stage.Only.Reading.Value.Should().Be(10);
    }

    [Fact]
    public void A_histogram_has_percentiles_counts_sums_and_averages()
    {
        var durations = _meter.CreateHistogram<double>("duration", "s");
        string[] statistics = ["p50", "p95", "max", "average", "count", "sum", "rate"];
        using var stage = new RuleStage([.. statistics.Select(statistic => Rule("duration", name: statistic, statistic: statistic, warning: 1000))]);
        stage.Run(11, () =>
        {
            for (var i = 1; i <= 100; i++)
            {
                durations.Record(i / 100.0);
            }
        });

        var values = stage.Found.ToDictionary(found => found.Rule.Name, found => found.Reading.Value);
        values["p50"].Should().BeApproximately(0.5, 0.02);
        values["p95"].Should().BeApproximately(0.95, 0.04);
        values["max"].Should().BeApproximately(1, 0.001);
        values["average"].Should().BeApproximately(0.505, 1e-9);
        values["count"].Should().Be(1000);
        values["sum"].Should().BeApproximately(505, 1e-6);
        values["rate"].Should().Be(100);
        stage.Found.Single(found => found.Rule.Name == "p95").Reading.Count.Should().BeGreaterThanOrEqualTo(1000);
    }

    [Theory]
    [InlineData("ms", 250)]
    [InlineData("s", 0.25)]
    [InlineData("By", 1_000_000)]
    [InlineData("{item}", 3)]
    [InlineData(null, 0.5)]
    public void A_percentile_keeps_its_scale(string? unit, double value)
    {
        var histogram = _meter.CreateHistogram<double>("values", unit);
        using var stage = new RuleStage(Rule("values", statistic: "p99", warning: 1e9));
        stage.Run(2, () => histogram.Record(value));

        stage.Only.Reading.Value.Should().BeApproximately(value, value / 31);
    }

    [Fact]
    public void Gauges_and_up_down_counters_have_a_series_for_each_combination_of_tags()
    {
        var temperature = _meter.CreateGauge<double>("temperature", "Cel");
        var open = _meter.CreateUpDownCounter<int>("open");
        using var stage = new RuleStage(Rule("temperature", name: "temperature", warning: 80), Rule("open", name: "open", warning: 3));
        temperature.Record(20, Tag("room", "a"));
        temperature.Record(90, Tag("room", "b"), Tag("floor", 2));
        temperature.Record(85, Tag("floor", 2), Tag("room", "b"));
        open.Add(5, Tag("door", "front"));
        open.Add(-1, Tag("door", "front"));
        stage.Run(2);

        stage.Found.Select(found => (found.Rule.Name, found.Reading.Instance, found.Reading.Value, found.Confirmed)).Should().BeEquivalentTo(new[]
        {
            ("temperature", "a", 20.0, AlertLevel.None), ("temperature", "floor=2,room=b", 85.0, AlertLevel.Warning), ("open", "front", 4.0, AlertLevel.Warning),
        });
    }

    [Fact]
    public void Observable_instruments_are_asked_once_an_evaluation()
    {
        var asked = 0;
        _meter.CreateObservableGauge("depth", () =>
        {
            asked++;
            return asked < 4 ? new[] { new Measurement<int>(7, Tag("queue", "a")), new Measurement<int>(1, Tag("queue", "b")) } : [new Measurement<int>(8, Tag("queue", "a"))];
        });
        using var stage = new RuleStage(Rule("depth", name: "one", warning: 5), Rule("depth", name: "two", critical: 8));
        stage.Run(3);
        asked.Should().Be(3);
        stage.Found.Should().HaveCount(4);

        stage.Run(1);
        stage.Found.Select(found => (found.Rule.Name, found.Reading.Instance, found.Confirmed)).Should().BeEquivalentTo(new[] { ("one", "a", AlertLevel.Warning), ("two", "a", AlertLevel.Critical) }, "b is gone");
    }

    [Fact]
    public void An_observable_counter_may_begin_anew()
    {
        var total = 500L;
        _meter.CreateObservableCounter("collections", () => total);
        using var stage = new RuleStage(Rule("collections", warning: 1000));
        stage.Run(11, () => total += 3);
        stage.Only.Reading.Value.Should().Be(3);

        total = 0;
        stage.Run(5, () => total += 3);
        stage.Only.Reading.Value.Should().Be(3);
    }

    [Fact]
    public void An_observable_that_throws_is_unknown_and_harms_no_other()
    {
        var broken = false;
        _meter.CreateObservableGauge("bad", () => broken ? throw new InvalidOperationException("broken") : 9);
        _meter.CreateObservableGauge("good", () => 9);
        using var stage = new RuleStage(Rule("bad", name: "bad", warning: 5), Rule("good", name: "good", warning: 5));
        stage.Run(1);
        stage.Found.Should().HaveCount(2);

        broken = true;
        stage.Run(1);
        stage.Only.Rule.Name.Should().Be("good");
        stage.Engine.IsUnknown(new AlertSeries("bad", null)).Should().BeTrue();
        stage.Engine.IsUnknown(new AlertSeries("good", null)).Should().BeFalse();
        stage.Status("bad").Error.Should().Be("It could not be observed.");
        stage.Errors.Count.Should().Be(1);
    }

    [Fact]
    public void Tags_filter_and_tell_apart()
    {
        var requests = _meter.CreateCounter<long>("requests");
        var rule = Rule("requests", statistic: "sum", warning: 1000);
        rule.Tags["code"] = "500";
        rule.Tags["cached"] = "false";
        rule.By.Add("route");
        using var stage = new RuleStage(rule);
        stage.Run(11, () =>
        {
            requests.Add(1, Tag("code", 500), Tag("route", "/a"), Tag("cached", false));
            requests.Add(2, Tag("cached", false), Tag("route", "/b"), Tag("code", "500"));
            requests.Add(4, Tag("route", "/b"), Tag("code", 200), Tag("cached", false));
            requests.Add(8, Tag("route", "/b"), Tag("code", 500), Tag("cached", true));
            requests.Add(16, Tag("code", 500), Tag("cached", false));
        });

        stage.Found.Select(found => (found.Reading.Instance, found.Reading.Value)).Should().BeEquivalentTo(new[] { ("/a", 10.0), ("/b", 20.0), ("(none)", 160.0) });
    }

    [Fact]
    public void Many_tags_share_one_series_and_are_counted()
    {
        var requests = _meter.CreateCounter<long>("requests");
        var rule = Rule("requests", statistic: "sum", warning: 1000);
        rule.By.Add("user");
        using var stage = new RuleStage(rule);
        stage.Run(11, () =>
        {
            for (var user = 0; user < 150; user++)
            {
                requests.Add(1, Tag("user", user));
            }
        });

        stage.Found.Should().HaveCount(InstrumentSelection.MaxSeries + 1);
        stage.Found.Single(found => found.Reading.Instance == "OTHER").Reading.Value.Should().Be(500);
        stage.Found.Sum(found => found.Reading.Value).Should().Be(1500);
        stage.Status("rule").Overflowed.Should().Be(550);
    }

    [Fact]
    public void Tags_that_nobody_records_any_more_are_forgotten()
    {
        var requests = _meter.CreateHistogram<long>("sizes");
        var rule = Rule("sizes", statistic: "p50", warning: 1000);
        rule.By.Add("user");
        using var stage = new RuleStage(rule);
        requests.Record(5, Tag("user", 1));
        stage.Run(1);
        stage.Clock.Advance(TimeSpan.FromMinutes(59));
        requests.Record(5, Tag("user", 2));
        stage.Run(1);
        stage.Found.Should().HaveCount(2);

        stage.Clock.Advance(TimeSpan.FromMinutes(2));
        stage.Run(2);
        stage.Only.Reading.Instance.Should().Be("2");
        requests.Record(5, Tag("user", 1));
        stage.Run(1);
        stage.Found.Should().HaveCount(2);
    }

    [Fact]
    public void A_ratio_and_a_burn_rate_of_counters()
    {
        var failed = _meter.CreateCounter<int>("failed");
        var all = _meter.CreateCounter<int>("all");
        using var stage = new RuleStage(
            new AlertRuleOptions { Name = "ratio", Kind = "ratio", Metric = $"{_meter.Name}/failed", Total = $"{_meter.Name}/all", Warning = 5 },
            new AlertRuleOptions
            {
                Name = "burn",
                Kind = "burn-rate",
                Metric = $"{_meter.Name}/failed",
                Total = $"{_meter.Name}/all",
                Objective = 99,
                BurnWindows = { new() { Factor = 10, Window = TimeSpan.FromMinutes(1), ShortWindow = TimeSpan.FromSeconds(10) } },
            });
        stage.Run(20, () => all.Add(10));
        stage.Found.Should().AllSatisfy(found => found.Confirmed.Should().Be(AlertLevel.None));

        stage.Run(30, () =>
        {
            all.Add(10);
            failed.Add(2);
        });
        stage.Found.Select(found => (found.Rule.Name, found.Reading.Value, found.Confirmed)).Should().BeEquivalentTo(new[]
        {
            ("ratio", 20.0, AlertLevel.Warning), ("burn", 12.0, AlertLevel.Critical),
        });
    }

    [Fact]
    public void A_counter_that_nobody_adds_to_is_absent()
    {
        var orders = _meter.CreateCounter<int>("orders");
        using var stage = new RuleStage(new AlertRuleOptions { Name = "no-orders", Kind = "absence", Metric = $"{_meter.Name}/orders", Critical = 60 });
        stage.Run(30, () => orders.Add(1));
        stage.Only.Confirmed.Should().Be(AlertLevel.None);
        stage.Run(80);
        stage.Only.Confirmed.Should().Be(AlertLevel.Critical);
    }

    [Fact]
    public void An_instrument_that_is_made_later_or_made_again_is_heard()
    {
        using var stage = new RuleStage(Rule("orders", statistic: "sum", warning: 1000));
        stage.Run(1);
        stage.Found.Should().BeEmpty();
        stage.Status("rule").Error.Should().Be($"No instrument 'orders' of a meter '{_meter.Name}' has been published yet.");

        var orders = _meter.CreateCounter<int>("orders");
        stage.Run(11, () => orders.Add(1));
        stage.Only.Reading.Value.Should().Be(10);
        stage.Status("rule").Error.Should().BeNull();

        using var again = new Meter(_meter.Name);
        _meter.Dispose();
        var second = again.CreateCounter<int>("orders");
        stage.Run(10, () => second.Add(2));
        stage.Only.Reading.Value.Should().Be(20);
    }

    [Fact]
    public void A_statistic_that_an_instrument_does_not_have_is_said()
    {
        var orders = _meter.CreateCounter<int>("orders");
        using var stage = new RuleStage(Rule("orders", statistic: "p95", warning: 1));
        orders.Add(1);
        stage.Run(2);

        stage.Found.Should().BeEmpty();
        stage.Status("rule").Error.Should().Be($"'{_meter.Name}/orders' is a Counter, of which there is no Percentile.");
    }

    [Fact]
    public void Only_what_a_rule_names_is_listened_to_and_no_longer_than_it_does()
    {
        var orders = _meter.CreateCounter<int>("orders");
        var other = _meter.CreateCounter<int>("other");
        using var stage = new RuleStage(Rule("orders", name: "orders", warning: 1));
        (orders.Enabled, other.Enabled).Should().Be((true, false));

        stage.Reload(Rule("orders", name: "orders", warning: 2), Rule("other", name: "other", warning: 1));
        stage.Run(1);
        (orders.Enabled, other.Enabled).Should().Be((true, true));

        stage.Reload(Rule("other", name: "other", warning: 1));
        stage.Run(1);
        (orders.Enabled, other.Enabled).Should().Be((false, true));

        var off = Rule("other", name: "other", warning: 1);
        off.Enabled = false;
        stage.Reload(off);
        stage.Run(1);
        other.Enabled.Should().BeFalse();
    }

    [Fact]
    public void Nothing_is_listened_to_after_the_end()
    {
        var orders = _meter.CreateCounter<int>("orders");
        using (new RuleStage(Rule("orders", warning: 1)))
        {
            orders.Enabled.Should().BeTrue();
        }

        orders.Enabled.Should().BeFalse();
    }

    [Fact]
    public void A_tag_that_throws_does_not_reach_whoever_measures()
    {
        var orders = _meter.CreateCounter<int>("orders");
        var rule = Rule("orders", statistic: "sum", warning: 1000);
        rule.By.Add("who");
        using var stage = new RuleStage(rule);
        stage.Run(11, () =>
        {
            orders.Invoking(counter => counter.Add(1, Tag("who", new Throwing()))).Should().NotThrow();
            orders.Add(1, Tag("who", "somebody"));
        });

        stage.Only.Reading.Value.Should().Be(10);
        stage.Errors.Count.Should().Be(11);
    }

    [Fact]
    public void The_runtime_s_own_meter_is_heard()
    {
        using var stage = new RuleStage(
            new AlertRuleOptions { Name = "memory", Metric = "System.Runtime/dotnet.process.memory.working_set", Warning = 1 },
            new AlertRuleOptions { Name = "collections", Metric = "System.Runtime/dotnet.gc.collections", By = { "gc.heap.generation" }, Statistic = "sum", Warning = 1e9 });
        stage.Run(5);
        GC.Collect(0);
        GC.Collect(0);
        stage.Run(6);

        stage.Found.Single(found => found.Rule.Name == "memory").Reading.Value.Should().BeGreaterThan(1_000_000);
        stage.Found.Single(found => found.Rule.Name == "memory").Rule.Unit.Should().Be("By");
        stage.Found.Where(found => found.Rule.Name == "collections").Select(found => found.Reading.Instance).Should().Contain("gen0");
        stage.Found.Where(found => found.Rule.Name == "collections").Sum(found => found.Reading.Value).Should().BeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public void Nothing_is_lost_while_threads_record_and_rules_are_reloaded()
    {
        const int Threads = 3;
        const int Each = 200_000;
        var orders = _meter.CreateCounter<long>("orders");
        var sizes = _meter.CreateHistogram<double>("sizes");
        AlertRuleOptions ByUser()
        {
            var rule = Rule("orders", name: "by-user", statistic: "sum", warning: 1e9);
            rule.By.Add("user");
            return rule;
        }

        AlertRuleOptions[] kept = [Rule("orders", name: "all", statistic: "sum", warning: 1e9), ByUser(), Rule("sizes", name: "sizes", statistic: "count", warning: 1e9)];
        using var stage = new RuleStage(kept);
        stage.Run(11);
        var threads = Enumerable.Range(0, Threads).Select(thread => new Thread(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                orders.Add(1, Tag("user", i % 8));
                sizes.Record(i & 1023);
            }
        })).ToArray();
        foreach (var thread in threads)
        {
            thread.Start();
        }

        var turn = 0;
        while (turn < 2 || threads.Any(thread => thread.IsAlive))
        {
            // The clock stands: all belongs to one window. What comes and goes beside must not disturb what stays.
            var other = Rule("orders", name: "other", statistic: "rate", warning: ++turn);
            other.By.Add(turn % 2 == 0 ? "user" : "*");
            stage.Reload([.. kept, .. turn % 3 == 0 ? [] : new[] { other }]);
            stage.Engine.Evaluate(new List<Monitoring.Alerts.Rules.Observation>());
        }

        foreach (var thread in threads)
        {
            thread.Join();
        }

        stage.Run(1);
        Sum("all").Should().Be(Threads * Each);
        Sum("by-user").Should().Be(Threads * Each);
        Sum("sizes").Should().Be(Threads * Each);
        turn.Should().BeGreaterThan(1);

        double Sum(string name) => stage.Found.Where(found => found.Rule.Name == name).Sum(found => found.Reading.Value);
    }

    [Fact]
    public void Recording_allocates_nothing()
    {
        var orders = _meter.CreateCounter<long>("orders");
        var sizes = _meter.CreateHistogram<double>("sizes", "s");
        var level = _meter.CreateGauge<int>("level");
        var filtered = Rule("orders", name: "filtered", warning: 1);
        filtered.Tags["code"] = "200";
        filtered.By.Add("region");
        using var stage = new RuleStage(filtered, Rule("orders", name: "all", warning: 1), Rule("sizes", name: "sizes", warning: 1), Rule("level", name: "level", warning: 1));
        KeyValuePair<string, object?>[] tags = [Tag("region", "eu"), Tag("code", 200)];
        void Record()
        {
            for (var i = 0; i < 1000; i++)
            {
                orders.Add(1, tags);
                sizes.Record(0.25, tags);
                level.Record(i, tags);
            }
        }

        Record();
        Allocations.Least(Record).Should().Be(0);
    }

    private static KeyValuePair<string, object?> Tag(string key, object? value) => new(key, value);

    private AlertRuleOptions Rule(string instrument, string name = "rule", string? statistic = null, string? comparison = null, double? warning = null, double? critical = null) => new()
    {
        Name = name,
        Metric = $"{_meter.Name}/{instrument}",
        Statistic = statistic,
        Comparison = comparison,
        Warning = warning,
        Critical = critical,
    };

    private sealed class Throwing
    {
        public override bool Equals(object? obj) => throw new InvalidOperationException("not comparable");

        public override int GetHashCode() => throw new InvalidOperationException("no hash");
    }
}
