using Monitoring.Alerts;

namespace Monitoring.Core.Tests.Alerts;

/// <summary>What must be true of the notices of any history.</summary>
internal static class NoticeRules
{
    public static void Hold(IReadOnlyList<Alert> notices, IReadOnlyList<Alert> active)
    {
        foreach (var life in notices.GroupBy(notice => notice.Key))
        {
            Alert? firing = null;
            foreach (var notice in life)
            {
                if (notice.State == AlertState.Resolved)
                {
                    firing.Should().NotBeNull("only what fires is resolved: {0}", notice);
                    notice.StartedAt.Should().Be(firing!.StartedAt);
                    notice.ResolvedAt.Should().BeOnOrAfter(notice.LastSeenAt);
                    notice.PeakValue.Should().BeGreaterThanOrEqualTo(firing.PeakValue);
                    firing = null;
                }
                else if (firing is null)
                {
                    notice.PreviousSeverity.Should().BeNull("it has just begun to fire");
                    firing = notice;
                }
                else
                {
                    notice.StartedAt.Should().Be(firing.StartedAt, "a firing alert does not fire again");
                    notice.PreviousSeverity.Should().Be(firing.Severity).And.NotBe(notice.Severity);
                    firing = notice;
                }
            }

            active.Where(alert => alert.Key == life.Key).Select(alert => (alert.StartedAt, alert.Severity))
                .Should().Equal(firing is null ? [] : [(firing.StartedAt, firing.Severity)]);
        }

        active.Select(alert => alert.Key).Should().BeSubsetOf(notices.Select(notice => notice.Key));
    }
}
