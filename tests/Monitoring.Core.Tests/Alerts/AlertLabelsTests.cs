using Monitoring.Alerts;

namespace Monitoring.Core.Tests.Alerts;

public sealed class AlertLabelsTests
{
    private static readonly Alert Queue = new()
    {
        Key = "task-queue-depth.orders",
        Rule = "task-queue-depth",
        Instance = "Orders",
        Category = AlertCategory.TaskQueue,
        Severity = AlertSeverity.Critical,
        Metric = "depth",
        Message = "",
        Labels = new Dictionary<string, string> { ["team"] = "shop", ["severity"] = "none", ["empty"] = "" },
    };

    [Fact]
    public void An_alert_has_its_own_labels_and_those_of_its_rule() =>
        AlertLabels.Of(Queue).Should().Equal(new Dictionary<string, string>
        {
            ["alertname"] = "task-queue-depth",
            ["category"] = "taskQueue",
            ["instance"] = "Orders",
            ["key"] = "task-queue-depth.orders",
            ["metric"] = "depth",
            ["severity"] = "critical",
            ["team"] = "shop",
        });

    [Fact]
    public void A_label_that_an_alert_does_not_have_is_empty()
    {
        var alone = Queue with { Instance = null };

        AlertLabels.Get(alone, "instance").Should().BeEmpty();
        AlertLabels.Get(alone, "nobody").Should().BeEmpty();
        AlertLabels.Of(alone).Should().NotContainKey("instance");
    }
}
