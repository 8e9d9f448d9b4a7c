using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Alerts;
using Monitoring.Alerts.Rules;
using Monitoring.Telemetry;
using Monitoring.TestSupport;
using Monitoring.Validation;

namespace Monitoring.Core.Tests.Alerts.Rules;

/// <summary>An engine with readings and a clock that a test plays with; evaluated once a second.</summary>
internal sealed class RuleStage : IDisposable
{
    private readonly List<Observation> _observations = [];

    public RuleStage(IAlertRule[] code, params AlertRuleOptions[] rules)
    {
        foreach (var rule in rules)
        {
            Options.Rules.Add(rule);
        }

        Check(Options);
        Errors = new InternalErrors(NullLogger.Instance, Clock);
        Engine = new RuleEngine(Options, [Source, OtherSource], code, Clock, Errors);
    }

    public RuleStage(params AlertRuleOptions[] rules)
        : this([], rules)
    {
    }

    public FakeClock Clock { get; } = new();

    public AlertOptions Options { get; } = new();

    public FakeSource Source { get; } = new();

    public FakeSource OtherSource { get; } = new();

    public InternalErrors Errors { get; }

    public RuleEngine Engine { get; }

    /// <summary>What the last evaluation found of rules that are not default ones.</summary>
    public IReadOnlyList<Observation> Found => [.. _observations.Where(static observation => !RuleBuilder.DefaultNames.Contains(observation.Rule.Name))];

    public Observation Only => Found.Should().ContainSingle().Subject;

    /// <summary>What is wrong with options; must be nothing for those that an engine is given.</summary>
    public static IReadOnlyList<string> Wrong(AlertOptions options)
    {
        var errors = new OptionsErrors("Monitoring:Alerts");
        options.Validate(errors);
        return errors.Messages;
    }

    public static AlertOptions With(params AlertRuleOptions[] rules)
    {
        var options = new AlertOptions();
        foreach (var rule in rules)
        {
            options.Rules.Add(rule);
        }

        return options;
    }

    public void Set(string metric, double value, string? instance = null, long count = 0, string? text = null) =>
        Source.Set(new MetricReading(metric, value, instance, count) { Text = text });

    public void Run(int seconds = 1, Action? each = null)
    {
        for (var second = 0; second < seconds; second++)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            each?.Invoke();
            _observations.Clear();
            Engine.Evaluate(_observations);
        }
    }

    public void Reload(params AlertRuleOptions[] rules)
    {
        var options = With(rules);
        Check(options);
        Engine.Reload(options);
    }

    public AlertRuleStatus Status(string name) => Engine.GetStatus().Single(status => status.Name == name);

    public void Dispose() => Engine.Dispose();

    private static void Check(AlertOptions options) => Wrong(options).Should().BeEmpty();
}
