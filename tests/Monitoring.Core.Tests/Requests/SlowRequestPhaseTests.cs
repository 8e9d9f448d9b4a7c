using Monitoring.TestSupport;
using Monitoring.Webhooks;

namespace Monitoring.Core.Tests.Requests;

public sealed class SlowRequestPhaseTests
{
    [Fact]
    public void The_phases_of_a_webhook_are_those_of_the_request_around_it()
    {
        var clock = new FakeClock();
        using var monitor = PerformanceMonitor.Create(new MonitoringOptions { System = { Enabled = false } }, clock);
        IPerformanceMonitor front = monitor;

        using (front.BeginOperation("POST /webhooks"))
        {
            using var timing = front.BeginWebhook("github");
            using (timing.Measure(WebhookPhase.SignatureValidation))
            {
                clock.Advance(TimeSpan.FromSeconds(1));
            }

            using (timing.Measure("lookup"))
            {
                clock.Advance(TimeSpan.FromMilliseconds(250));
            }
        }

        var slow = monitor.Requests.GetSlowRequests().Should().ContainSingle().Subject;
        slow.Duration.Should().Be(TimeSpan.FromMilliseconds(1250));
        slow.Phases.Select(static phase => (phase.Name, phase.Duration)).Should().BeEquivalentTo(
            [("SignatureValidation", TimeSpan.FromSeconds(1)), ("lookup", TimeSpan.FromMilliseconds(250))]);
    }
}
