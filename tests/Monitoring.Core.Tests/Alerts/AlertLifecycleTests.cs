using Monitoring.Alerts;
using Monitoring.Alerts.Lifecycle;

namespace Monitoring.Core.Tests.Alerts;

/// <summary>
/// Each row is a life: a step a second, "confirmed/held", levels by their first letter (N, W, C), or another input; after it
/// what happened and where it stands. The condition must be gone for two seconds.
/// </summary>
public sealed class AlertLifecycleTests
{
    private static readonly AlertTimes Usual = new(For: default, KeepFiringFor: TimeSpan.FromSeconds(2), ReopenAfter: TimeSpan.FromSeconds(5), FlapCount: 3, FlapWindow: TimeSpan.FromSeconds(20));

    [Theory]
    [InlineData("N/N N/N", "- -", "Inactive")]
    [InlineData("N/W N/C", "- -", "Inactive")]
    [InlineData("W/W", "Fired", "Firing W")]
    [InlineData("C/C", "Fired", "Firing C")]
    [InlineData("W/W W/W N/W N/W N/W", "Fired - - - -", "Firing W")]
    [InlineData("W/W N/N N/N", "Fired Recovering -", "Recovering W")]
    [InlineData("W/W N/N N/N N/N", "Fired Recovering - Resolved", "Inactive")]
    [InlineData("W/W N/N N/N N/W N/N N/N N/N", "Fired Recovering - Relapsed Recovering - Resolved", "Inactive")]
    [InlineData("W/W C/C", "Fired SeverityChanged", "Firing C")]
    [InlineData("W/W W/C", "Fired -", "Firing W")]
    [InlineData("C/C W/W W/W W/W", "Fired - - SeverityChanged", "Firing W")]
    [InlineData("C/C N/N W/W N/N", "Fired Recovering Relapsed Recovering", "Recovering C")]
    [InlineData("C/C N/N N/N W/W", "Fired Recovering - SeverityChanged", "Firing W")]
    [InlineData("W/W N/N C/C", "Fired Recovering SeverityChanged", "Firing C")]
    [InlineData("C/C W/W N/N N/N N/N", "Fired - Recovering - Resolved", "Inactive")]
    [InlineData("C/C W/W C/C W/W W/W C/C", "Fired - - - - -", "Firing C")]
    [InlineData("C/C N/N N/N N/N W/W", "Fired Recovering - Resolved Fired", "Firing W")]
    public void Steps_up_at_once_and_down_only_after_a_while(string steps, string effects, string end) => Live(steps, effects, end, Usual);

    [Theory]
    [InlineData("W/W Resolve N/W N/N N/N N/N", "Fired Resolved - - - Rearmed", "Inactive")]
    [InlineData("W/W Resolve W/W C/C W/W", "Fired Resolved - - -", "Held W")]
    [InlineData("W/W Resolve N/N N/N N/N W/W", "Fired Resolved - - Rearmed Fired", "Firing W")]
    [InlineData("W/W N/N Resolve N/N N/N", "Fired Recovering Resolved Rearmed -", "Inactive")]
    [InlineData("W/W Resolve W/W W/W W/W W/W C/C", "Fired Resolved - - - - Fired", "Firing C")]
    [InlineData("W/W Resolve W/W W/W W/W W/W N/W W/W", "Fired Resolved - - - - - Fired", "Firing W")]
    [InlineData("W/W Resolve Keep Keep Keep Keep Keep", "Fired Resolved - - - - -", "Held W")]
    [InlineData("W/W Resolve Alert Alert Alert Alert Alert", "Fired Resolved - - - - Fired", "NoData W")]
    [InlineData("W/W Resolve Resolve Acknowledge Unknown", "Fired Resolved - - -", "Held W")]
    public void A_manual_resolve_holds_until_the_condition_has_cleared_once_or_for_some_time(string steps, string effects, string end) => Live(steps, effects, end, Usual);

    [Theory]
    [InlineData("W/W W/W W/W", "Pended - -", "Pending W")]
    [InlineData("W/W W/W W/W C/C", "Pended - - Fired", "Firing C")]
    [InlineData("W/W W/W N/W W/W W/W W/W", "Pended - Cancelled Pended - -", "Pending W")]
    [InlineData("W/W W/W N/N W/W", "Pended - Cancelled Pended", "Pending W")]
    [InlineData("W/W Keep Keep Keep W/W", "Pended - - - Fired", "Firing W")]
    [InlineData("W/W Unknown Resolve Acknowledge W/W", "Pended - - - Fired", "Firing W")]
    [InlineData("W/W Alert Alert Alert", "Pended - - Fired", "NoData W")]
    [InlineData("Alert Alert Alert Alert", "Pended - - Fired", "NoData W")]
    [InlineData("W/W Remove W/W", "Pended Cancelled Pended", "Pending W")]
    public void Fires_only_once_its_condition_has_held_for_long_enough(string steps, string effects, string end) =>
        Live(steps, effects, end, Usual with { For = TimeSpan.FromSeconds(3) });

    [Theory]
    [InlineData("W/W Keep Keep Keep", "Fired LostData - -", "NoData W")]
    [InlineData("W/W Keep W/W", "Fired LostData Relapsed", "Firing W")]
    [InlineData("C/C Keep N/N N/N N/N", "Fired LostData Recovering - Resolved", "Inactive")]
    [InlineData("W/W N/N N/N Keep N/N N/N N/N", "Fired Recovering - LostData Recovering - Resolved", "Inactive")]
    [InlineData("Alert Alert N/N N/N N/N", "Fired - Recovering - Resolved", "Inactive")]
    [InlineData("Alert C/C", "Fired SeverityChanged", "Firing C")]
    [InlineData("C/C Alert Remove", "Fired LostData Resolved", "Inactive")]
    [InlineData("W/W N/N Unknown Unknown N/N", "Fired Recovering - - Resolved", "Inactive")]
    public void A_series_without_data_is_what_its_rule_says(string steps, string effects, string end) => Live(steps, effects, end, Usual);

    [Theory]
    [InlineData("W/W N/N W/W N/N W/W N/N", "Fired Resolved Fired Resolved Fired Recovering", "Recovering W flapping")]
    [InlineData("W/W N/N W/W N/N C/C W/W C/C", "Fired Resolved Fired Resolved Fired - -", "Firing C flapping")]
    [InlineData("W/W N/N W/W N/N W/W N/N W/W N/N", "Fired Resolved Fired Resolved Fired Recovering Relapsed Recovering", "Recovering W flapping")]
    public void Who_fires_too_often_stays_up(string steps, string effects, string end) => Live(steps, effects, end, Usual with { KeepFiringFor = default });

    [Fact]
    public void A_flapping_alert_ends_when_it_has_been_quiet_for_the_whole_window_and_may_then_come_and_go_again()
    {
        var quiet = string.Join(' ', Enumerable.Repeat("N/N", 20));
        var nothing = string.Join(' ', Enumerable.Repeat("-", 19));
        Live($"W/W N/N W/W N/N W/W N/N {quiet} W/W", $"Fired Resolved Fired Resolved Fired Recovering {nothing} Resolved Fired", "Firing W", Usual with { KeepFiringFor = default });
    }

    [Fact]
    public void Firings_far_apart_are_no_flapping()
    {
        var quiet = string.Join(' ', Enumerable.Repeat("N/N", 10));
        var nothing = string.Join(' ', Enumerable.Repeat("-", 9));
        var turn = $"W/W {quiet} ";
        var effects = $"Fired Resolved {nothing} ";
        Live($"{turn}{turn}{turn}{turn}W/W", $"{effects}{effects}{effects}{effects}Fired", "Firing W", Usual with { KeepFiringFor = default });
    }

    private static void Live(string steps, string effects, string end, AlertTimes times)
    {
        var life = AlertLifecycle.Quiet;
        var now = TimeSpan.FromHours(-1);
        var happened = new List<AlertEffect>();
        foreach (var step in steps.Split(' '))
        {
            now += TimeSpan.FromSeconds(1);
            (life, var effect) = life.Step(Signal(step), now, times);
            happened.Add(effect);
        }

        string.Join(' ', happened.Select(t => t == AlertEffect.None ? "-" : t.ToString())).Should().Be(effects);
        $"{life.Phase}{(life.Level == AlertLevel.None ? "" : $" {life.Level.ToString()[0]}")}{(life.IsFlapping ? " flapping" : "")}".Should().Be(end);
    }

    private static AlertSignal Signal(string step) => step switch
    {
        "Keep" => AlertSignal.NoData(AlertNoData.Keep, AlertLevel.Warning),
        "Alert" => AlertSignal.NoData(AlertNoData.Alert, AlertLevel.Warning),
        [_, '/', _] => AlertSignal.Data(Level(step[0]), Level(step[2])),
        _ => new AlertSignal(Enum.Parse<AlertInput>(step)),
    };

    private static AlertLevel Level(char letter) => letter switch
    {
        'C' => AlertLevel.Critical,
        'W' => AlertLevel.Warning,
        _ => AlertLevel.None,
    };
}
