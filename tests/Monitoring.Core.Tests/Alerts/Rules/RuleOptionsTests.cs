using System.Reflection;
using Microsoft.Extensions.Configuration;
using Monitoring.Alerts;
using Monitoring.Alerts.Rules;
using Monitoring.Telemetry;

namespace Monitoring.Core.Tests.Alerts.Rules;

public sealed class RuleOptionsTests
{
    public static TheoryData<string, AlertRuleOptions, string> Refused => new()
    {
        { "name", new() { Name = "Checkout Errors", Metric = "x", Warning = 1 }, "Monitoring:Alerts:Rules:0 'Checkout Errors':Name is 'Checkout Errors'; allowed: a-z, 0-9 and hyphens, 1 to 100 of them." },
        { "kind", new() { Name = "a", Kind = "treshold", Metric = "x", Warning = 1 }, "Monitoring:Alerts:Rules:0 'a':Kind is 'treshold'; allowed: threshold, ratio, absence, rate, burn-rate, state or code." },
        { "no metric", new() { Name = "a", Warning = 1 }, "Monitoring:Alerts:Rules:0 'a':Metric is not set; allowed: a series such as redis-operation-latency, or an instrument as meter/instrument; the monitor's own series are *" },
        { "half an instrument", new() { Name = "a", Metric = "Shop/", Warning = 1 }, "*'a':Metric is 'Shop/'; allowed: a series such as*" },
        { "no threshold", new() { Name = "a", Metric = "x" }, "Monitoring:Alerts:Rules:0 'a':Warning is not set; allowed: a value for Warning, Critical or both." },
        { "thresholds the wrong way round", new() { Name = "a", Metric = "x", Warning = 2, Critical = 1 }, "*'a':Warning is 2; allowed: at most Critical, which is 1." },
        { "thresholds below the wrong way round", new() { Name = "a", Metric = "x", Comparison = "below", Warning = 1, Critical = 2 }, "*'a':Warning is 1; allowed: at least Critical, which is 2." },
        { "no number", new() { Name = "a", Metric = "x", Warning = double.NaN }, "*'a':Warning is NaN; allowed: a number." },
        { "comparison", new() { Name = "a", Metric = "x", Warning = 1, Comparison = "over" }, "*'a':Comparison is 'over'; allowed: above, below or equal." },
        { "window", new() { Name = "a", Metric = "x", Warning = 1, Window = TimeSpan.FromHours(2) }, "*'a':Window is 02:00:00; allowed: 00:00:01 to 01:00:00." },
        { "for", new() { Name = "a", Metric = "x", Warning = 1, For = TimeSpan.FromDays(2) }, "*'a':For is 2.00:00:00; allowed: 00:00:00 to 1.00:00:00." },
        { "statistic", new() { Name = "a", Metric = "m/x", Warning = 1, Statistic = "p100" }, "*'a':Statistic is 'p100'; allowed: rate, sum, count, average, max, last, or p1 to p99.9." },
        { "statistic of a series", new() { Name = "a", Metric = "x", Warning = 1, Statistic = "p99" }, "*'a':Statistic is 'p99'; allowed: nothing but for threshold and absence of an instrument." },
        { "tags of a series", new() { Name = "a", Metric = "x", Warning = 1, Tags = { ["a"] = "b" } }, "*'a':Tags is *; allowed: tags of an instrument only*" },
        { "ratio of nothing", new() { Name = "a", Kind = "ratio", Metric = "x", Warning = 1 }, "*'a':Total is not set; allowed: what Metric is divided by*" },
        { "total of a threshold", new() { Name = "a", Metric = "x", Total = "y", Warning = 1 }, "*'a':Total is 'y'; allowed: nothing but for ratio and burn-rate." },
        { "objective", new() { Name = "a", Kind = "burn-rate", Metric = "m/x", Total = "m/y", Objective = 100 }, "*'a':Objective is 100; allowed: 50 to 99.999 percent." },
        { "burn rate of values", new() { Name = "a", Kind = "burn-rate", Metric = "x", Total = "y", Objective = 99 }, "*'a':Cumulative is *; allowed: true, where Metric and Total are series of a source*" },
        { "burn windows", new() { Name = "a", Kind = "burn-rate", Metric = "m/x", Total = "m/y", Objective = 99, BurnWindows = { new() { Factor = 1, Window = TimeSpan.FromHours(1), ShortWindow = TimeSpan.FromHours(2) } } }, "*'a':BurnWindows:0:ShortWindow is 02:00:00; allowed: 00:00:10 to 01:00:00." },
        { "state of nothing", new() { Name = "a", Kind = "state", Metric = "x" }, "*'a':Warning is not set; allowed: a value for Warning or Critical, or a text for WarningText or CriticalText." },
        { "label", new() { Name = "a", Metric = "x", Warning = 1, Labels = { ["severity"] = "high" } }, "*'a':Labels:severity is 'high'; allowed: names*" },
        { "runbook", new() { Name = "a", Metric = "x", Warning = 1, Runbook = "javascript:alert(1)" }, "*'a':Runbook is *; allowed: an absolute http or https address." },
        { "placeholder", new() { Name = "a", Metric = "x", Warning = 1, Message = "{what}" }, "*'a':Message is '{what}'; allowed: the placeholders {rule}, {instance}, {value}, {threshold}, {severity}, {text}." },
        { "metric of a default rule", new() { Name = MetricNames.Backpressure, Metric = "x" }, "*'backpressure':Metric is 'x'; allowed: nothing for a default rule: give a rule of your own another name." },
        { "kind of a default rule", new() { Name = MetricNames.Backpressure, Kind = "ratio" }, "*'backpressure':Kind is 'ratio'; allowed: nothing for a default rule*" },
        { "threshold of a default rule", new() { Name = MetricNames.RedisOperationLatency, Warning = 600 }, "*'redis-operation-latency':Warning is 600; allowed: at most Critical, which is 500." },
        { "absence", new() { Name = "a", Kind = "absence", Metric = "x", Warning = 0 }, "*'a':Warning is 0; allowed: 1 to 2592000." },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Refuses_a_rule_and_names_it(string what, AlertRuleOptions rule, string message)
    {
        what.Should().NotBeEmpty();
        RuleStage.Wrong(RuleStage.With(rule)).Should().ContainMatch(message);
    }

    [Fact]
    public void Refuses_two_rules_of_one_name()
    {
        var options = RuleStage.With(new() { Name = "a", Metric = "x", Warning = 1 }, new() { Name = "a", Metric = "y", Warning = 1 });

        RuleStage.Wrong(options).Should().Equal("Monitoring:Alerts:Rules:1 'a':Name is 'a'; allowed: each name once.");
    }

    [Fact]
    public void Configuration_sets_all_of_a_rule()
    {
        var settings = new Dictionary<string, string?>
        {
            ["Rules:0:Name"] = "checkout-errors",
            ["Rules:0:Kind"] = "ratio",
            ["Rules:0:Metric"] = "Shop/checkouts.failed",
            ["Rules:0:Total"] = "Shop/checkouts",
            ["Rules:0:Tags:region"] = "eu",
            ["Rules:0:By:0"] = "shop",
            ["Rules:0:Warning"] = "1.5",
            ["Rules:0:NoData"] = "Keep",
            ["Rules:0:Labels:team"] = "shop",
            ["Rules:0:For"] = "00:00:30",
            ["Rules:0:BurnWindows:0:Factor"] = "2",
        };
        var options = new AlertOptions();
        new ConfigurationBuilder().AddInMemoryCollection(settings).Build().Bind(options);

        options.Rules.Should().ContainSingle().Which.Should().BeEquivalentTo(new
        {
            Name = "checkout-errors",
            Kind = "ratio",
            Metric = "Shop/checkouts.failed",
            Total = "Shop/checkouts",
            Warning = 1.5,
            NoData = AlertNoData.Keep,
            For = TimeSpan.FromSeconds(30),
            Tags = new Dictionary<string, string> { ["region"] = "eu" },
            Labels = new Dictionary<string, string> { ["team"] = "shop" },
            By = new[] { "shop" },
        });
        options.Rules[0].BurnWindows.Should().ContainSingle().Which.Factor.Should().Be(2);
    }

    [Fact]
    public void The_catalog_has_every_series_of_the_monitor_and_each_has_a_rule()
    {
        var names = typeof(MetricNames).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);

        MetricCatalog.Names.Should().BeEquivalentTo(names);

        // Not everything that is read of Redis is a cache: who thinks so writes the rule.
        RuleBuilder.DefaultNames.Should().BeEquivalentTo(names.Except([MetricNames.RedisLookupMissRate]));
    }
}
