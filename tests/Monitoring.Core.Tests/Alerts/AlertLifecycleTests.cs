using Monitoring.Alerts;
using Monitoring.Alerts.Lifecycle;

namespace Monitoring.Core.Tests.Alerts;

/// <summary>
/// Each row is a life: a step a second, "confirmed/held", levels by their first letter (N, W, C); after it what happened
/// and where it stands. The condition must be gone for two seconds.
/// </summary>
public sealed class AlertLifecycleTests
{
    [Theory]
    [InlineData("N/N N/N", "- -", "Quiet")]
    [InlineData("N/W N/C", "- -", "Quiet")]
    [InlineData("W/W", "Fired", "Firing W")]
    [InlineData("C/C", "Fired", "Firing C")]
    [InlineData("W/W W/W N/W N/W N/W", "Fired - - - -", "Firing W")]
    [InlineData("W/W N/N N/N", "Fired - -", "Firing W")]
    [InlineData("W/W N/N N/N N/N", "Fired - - Resolved", "Quiet")]
    [InlineData("W/W N/N N/N N/W N/N N/N N/N", "Fired - - - - - Resolved", "Quiet")]
    [InlineData("W/W C/C", "Fired SeverityChanged", "Firing C")]
    [InlineData("W/W W/C", "Fired -", "Firing W")]
    [InlineData("C/C W/W W/W W/W", "Fired - - SeverityChanged", "Firing W")]
    [InlineData("C/C N/N W/W N/N", "Fired - - -", "Firing C")]
    [InlineData("C/C W/W N/N N/N N/N", "Fired - - - Resolved", "Quiet")]
    [InlineData("C/C W/W C/C W/W W/W C/C", "Fired - - - - -", "Firing C")]
    [InlineData("C/C N/N N/N N/N W/W", "Fired - - Resolved Fired", "Firing W")]
    [InlineData("W/W M N/W N/N N/N N/N", "Fired - - - - Rearmed", "Quiet")]
    [InlineData("W/W M W/W C/C W/W", "Fired - - - -", "Muted C")]
    [InlineData("C/C M W/W W/W W/W N/N N/N N/N", "Fired - - - - - - Rearmed", "Quiet")]
    [InlineData("W/W M N/N N/N N/N W/W", "Fired - - - Rearmed Fired", "Firing W")]
    public void Lives(string steps, string transitions, string end)
    {
        var life = AlertLifecycle.Quiet;
        var now = TimeSpan.FromHours(1);
        var happened = new List<AlertTransition>();
        foreach (var step in steps.Split(' '))
        {
            now += TimeSpan.FromSeconds(1);
            var transition = AlertTransition.None;
            if (step == "M")
            {
                life = life.Mute();
            }
            else
            {
                (life, transition) = life.Step(Level(step[0]), Level(step[2]), now, TimeSpan.FromSeconds(2));
            }

            happened.Add(transition);
        }

        string.Join(' ', happened.Select(t => t == AlertTransition.None ? "-" : t.ToString())).Should().Be(transitions);
        (life.Phase == AlertPhase.Quiet ? "Quiet" : $"{life.Phase} {life.Level.ToString()[0]}").Should().Be(end);
    }

    private static AlertLevel Level(char letter) => letter switch
    {
        'C' => AlertLevel.Critical,
        'W' => AlertLevel.Warning,
        _ => AlertLevel.None,
    };
}
