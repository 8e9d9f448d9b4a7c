using Monitoring.Alerts;
using Monitoring.Alerts.Suppression;

namespace Monitoring.Core.Tests.Alerts.Suppression;

public sealed class LabelMatcherTests
{
    private static readonly Alert Get = SomeAlert.Of("redis-operation-latency", "GET", AlertSeverity.Critical, AlertCategory.Redis) with
    {
        Labels = new Dictionary<string, string> { ["team"] = "shop" },
    };

    [Theory]
    [InlineData("alertname=redis-operation-latency", true)]
    [InlineData("alertname=redis-operation", false)]
    [InlineData("alertname=~redis-.*", true)]
    [InlineData("alertname=~redis", false)]
    [InlineData("alertname=~edis-operation-latency", false)]
    [InlineData("alertname=~x|redis-operation-latency", true)]
    [InlineData("alertname!~redis-.*", false)]
    [InlineData("alertname!=task-queue-depth", true)]
    [InlineData("instance=GET", true)]
    [InlineData("instance=get", false)]
    [InlineData("instance=~(?i)get", true)]
    [InlineData("category=redis", true)]
    [InlineData("severity=critical", true)]
    [InlineData("severity!=critical", false)]
    [InlineData("metric=redis-operation-latency-metric", true)]
    [InlineData("key=redis-operation-latency.GET", true)]
    [InlineData("team=shop", true)]
    [InlineData("region=", true)]
    [InlineData("region=~.+", false)]
    [InlineData("region!=eu", true)]
    [InlineData("team=~shop\n", false)]
    public void A_matcher_is_read_and_matches(string text, bool expected)
    {
        LabelMatcher.TryParse(text, out var matcher).Should().BeTrue();

        matcher!.ToString().Should().Be(text);
        matcher.Check().Should().BeNull();
        new MatcherSet([matcher]).Matches(Get).Should().Be(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("alertname")]
    [InlineData("=redis")]
    [InlineData(null)]
    public void What_has_no_label_or_operator_is_no_matcher(string? text) => LabelMatcher.TryParse(text, out _).Should().BeFalse();

    [Fact]
    public void A_value_may_hold_operators()
    {
        LabelMatcher.TryParse("instance=a!=b=~c", out var matcher).Should().BeTrue();
        matcher.Should().Be(new LabelMatcher("instance", "a!=b=~c"));
    }

    [Theory]
    [InlineData("a-b", "x", false, "a-b")]
    [InlineData("", "x", false, "label")]
    [InlineData("1a", "x", false, "1a")]
    [InlineData("a\n", "x", false, "label")]
    [InlineData("team", "(", true, "'('")]
    [InlineData("team", "a)|(b", true, "a)|(b")]
    [InlineData("team", "(?=x)", true, "(?=x)")]
    [InlineData("team", @"(a)\1", true, "look around or back")]
    [InlineData("team", "((a{100}){100}){100}", true, "a{100}")]
    public void A_wrong_matcher_is_named(string label, string value, bool isRegex, string named) =>
        new LabelMatcher(label, value, isRegex).Check().Should().Contain(named).And.Contain("allowed:");

    [Fact]
    public void Labels_and_values_are_bounded()
    {
        new LabelMatcher(new string('a', 101), "x").Check().Should().Contain("100");
        new LabelMatcher("team", new string('a', 501)).Check().Should().Contain("501 characters");
        new LabelMatcher("team", null!).Check().Should().Contain("not set");
    }

    [Theory]
    [InlineData("alertname=~.*", true)]
    [InlineData("alertname=~.+", true)]
    [InlineData("alertname!=", true)]
    [InlineData("alertname!=redis-failure-rate", true)]
    [InlineData("severity=~warning|critical", true)]
    [InlineData("category!=nothing", true)]
    [InlineData("team!=shop", true)]
    [InlineData("team=", false)]
    [InlineData("instance=~.+", false)]
    [InlineData("severity=critical", false)]
    [InlineData("alertname=~redis-.*", false)]
    public void What_does_not_say_which_alerts_are_meant_is_broad(string text, bool expected)
    {
        LabelMatcher.TryParse(text, out var matcher).Should().BeTrue();

        new MatcherSet([matcher!]).IsBroad.Should().Be(expected);
        new MatcherSet([matcher!, new LabelMatcher("alertname", "task-queue-depth")]).IsBroad.Should().BeFalse();
    }

    [Fact]
    public void An_index_finds_what_each_matcher_would()
    {
        string[] texts = ["alertname=a", "alertname=b", "alertname=~a|b", "instance=1", "alertname!=a", "alertname=a\ninstance=2"];
        var sets = texts.Select(text => (Matchers: new MatcherSet(text.Split('\n').Select(part => LabelMatcher.TryParse(part, out var matcher) ? matcher : throw new FormatException(part))), Value: text)).ToList();
        var index = new MatcherIndex<string>(sets);

        foreach (var alert in from rule in (string[])["a", "b", "c"] from instance in (string?[])["1", "2", null] select SomeAlert.Of(rule, instance))
        {
            index.Find(alert).Should().BeEquivalentTo(sets.Where(set => set.Matchers.Matches(alert)).Select(set => set.Value));
        }
    }
}
