using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Alerts;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Caches;

/// <summary>The default rule, from a lookup to the alert and back.</summary>
public sealed class CacheAlertTests
{
    [Theory]
    [InlineData(71, null)]
    [InlineData(70, AlertSeverity.Warning)]
    [InlineData(51, AlertSeverity.Warning)]
    [InlineData(50, AlertSeverity.Critical)]
    public void Fires_when_the_hit_rate_is_low(int hitPercent, AlertSeverity? expected)
    {
        var clock = new FakeClock();
        using var monitor = PerformanceMonitor.Create(timeProvider: clock, loggerFactory: NullLoggerFactory.Instance);
        for (var second = 0; second < 70; second++)
        {
            for (var i = 0; i < 100; i++)
            {
                ((IPerformanceMonitor)monitor).RecordCache("prices", hit: i < hitPercent);
            }

            clock.Advance(TimeSpan.FromSeconds(1));
        }

        var alert = monitor.Alerts.GetActive().SingleOrDefault(alert => alert.Rule == "cache-miss-rate");

        alert?.Severity.Should().Be(expected);
        (alert is null).Should().Be(expected is null);
        if (alert is not null)
        {
            alert.Key.Should().Be("cache-miss-rate.prices");
            alert.Category.Should().Be(AlertCategory.Cache);
            alert.Message.Should().Contain($"Cache prices: the hit rate is {hitPercent} %");
        }
    }

    [Fact]
    public void Few_lookups_say_nothing()
    {
        var clock = new FakeClock();
        using var monitor = PerformanceMonitor.Create(timeProvider: clock, loggerFactory: NullLoggerFactory.Instance);
        for (var second = 0; second < 120; second++)
        {
            ((IPerformanceMonitor)monitor).RecordCache("prices", hit: false);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        monitor.Alerts.GetActive().Should().NotContain(alert => alert.Rule == "cache-miss-rate");
    }
}
