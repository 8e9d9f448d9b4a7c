using Monitoring.Alerts;

namespace Monitoring.Core.Tests.Alerts;

/// <summary>What must be true of the changes of any history, as channels hear of them.</summary>
internal static class NoticeRules
{
    public static void Hold(IReadOnlyList<Alert> changes, IReadOnlyList<Alert> active)
    {
        active.Select(alert => alert.Key).Should().OnlyHaveUniqueItems();
        foreach (var life in changes.GroupBy(change => change.Key))
        {
            Alert? firing = null;
            foreach (var change in life)
            {
                if (change.State == AlertState.Resolved)
                {
                    firing.Should().NotBeNull("only what fires is resolved: {0}", change);
                    BeTheSame(change, firing!);
                    change.ResolvedAt.Should().BeOnOrAfter(change.LastSeenAt);
                    firing = null;
                }
                else if (firing is null)
                {
                    change.PreviousSeverity.Should().BeNull("it has just begun to fire");
                    change.AcknowledgedAt.Should().BeNull("nobody knows of it yet");
                    firing = change;
                }
                else
                {
                    BeTheSame(change, firing);
                    if (change.Severity != firing.Severity)
                    {
                        change.PreviousSeverity.Should().Be(firing.Severity);
                    }

                    firing = change;
                }
            }

            active.Where(alert => alert.Key == life.Key).Select(alert => (alert.Id, alert.StartedAt, alert.Severity, alert.AcknowledgedBy))
                .Should().Equal(firing is null ? [] : [(firing.Id, firing.StartedAt, firing.Severity, firing.AcknowledgedBy)]);
        }

        changes.Where(change => change.State == AlertState.Resolved).Select(change => change.Id).Should().OnlyHaveUniqueItems("each ends once");
        active.Select(alert => alert.Key).Should().BeSubsetOf(changes.Select(change => change.Key));
    }

    private static void BeTheSame(Alert change, Alert firing)
    {
        change.Id.Should().Be(firing.Id, "a firing alert does not fire again");
        change.StartedAt.Should().Be(firing.StartedAt);
        change.PeakValue.Should().BeGreaterThanOrEqualTo(firing.PeakValue);
        change.Occurrences.Should().BeGreaterThanOrEqualTo(firing.Occurrences);
        if (firing.AcknowledgedAt is not null)
        {
            change.AcknowledgedAt.Should().Be(firing.AcknowledgedAt, "that ends with the alert");
        }
    }
}
