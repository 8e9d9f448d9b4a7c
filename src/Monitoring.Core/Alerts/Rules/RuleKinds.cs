namespace Monitoring.Alerts.Rules;

/// <summary>The kinds of rules, as they are written in configuration.</summary>
internal static class RuleKinds
{
    public const string Threshold = "threshold";
    public const string Ratio = "ratio";
    public const string Absence = "absence";
    public const string Rate = "rate";
    public const string BurnRate = "burn-rate";
    public const string State = "state";
    public const string Code = "code";
}
