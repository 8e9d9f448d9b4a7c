using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.DependencyInjection;
using Monitoring.TestSupport;

namespace Monitoring.AspNetCore.Tests.Config;

public sealed partial class ConfigTests
{
    [Fact]
    public async Task The_settings_are_shown_as_the_configuration_has_them_and_each_is_live_or_not()
    {
        var settings = MonitoringHost.BothKeys;
        settings["Monitoring:Redis:SlowThreshold"] = "00:00:00.25";
        settings["Monitoring:Alerts:MaintenanceWindows:0:Name"] = "night";
        await using var host = await MonitoringHost.StartAsync(settings);

        var (_, config) = await host.AskAsync("config");

        var tree = config.GetProperty("settings");
        tree.GetProperty("Redis").Text("SlowThreshold").Should().Be("00:00:00.2500000");
        tree.GetProperty("TaskQueue").Text("FullMode").Should().Be("Wait");
        tree.GetProperty("TaskQueue").GetProperty("Workers").GetInt32().Should().Be(8);
        tree.GetProperty("Alerts").GetProperty("MaintenanceWindows")[0].Text("Name").Should().Be("night");
        tree.GetProperty("Alerts").GetProperty("Log").Text("MinimumSeverity").Should().Be("Warning");
        Keys(config, "live").Should().Contain(["Monitoring:Redis:SlowThreshold", "Monitoring:Backpressure:DepthPercent", "Monitoring:Alerts:Thresholds:RedisLatencyWarning", "Monitoring:TaskQueue:Workers"]);
        Keys(config, "restart").Should().Contain(["Monitoring:Redis:RecentCapacity", "Monitoring:TaskQueue:Capacity", "Monitoring:Alerts:GroupWait", "Monitoring:Api:ReaderKey", "Monitoring:Alerts:Log:Name"]);
        Keys(config, "live").Should().NotIntersectWith(Keys(config, "restart"));
        Keys(config, "changed").Should().BeEmpty();
        foreach (var key in Keys(config, "live").Concat(Keys(config, "restart")))
        {
            var find = () => key.Split(':').Skip(1).Aggregate(tree, static (section, name) => section.GetProperty(name));
            find.Should().NotThrow("{0} is in the tree", key);
        }
    }

    [Fact]
    public async Task A_change_is_in_effect_at_once_in_every_room_and_is_written_down()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys, services: services => new QueueAdder(services).Add());
        var monitor = (PerformanceMonitor)host.Monitor;

        var (status, config) = await host.AskAsync(HttpMethod.Put, "config", """
            {"redis": {"SlowThreshold": "00:00:00.4", "IncludeCommands": ["GET", "SET"]},
             "Backpressure": {"DepthPercent": 60},
             "TaskQueue": {"Workers": 3, "Types": {"mail": {"MaxConcurrency": 2}}},
             "Alerts": {"Thresholds": {"RedisLatencyWarning": "00:00:00.2"}, "ReopenAfter": null, "Rules": [{"Name": "orders", "Metric": "orders", "Warning": 5, "Labels": {"team": "shop"}}]}}
            """);

        status.Should().Be(HttpStatusCode.OK, "{0}", config);
        monitor.Redis.Options.SlowThreshold.Should().Be(TimeSpan.FromMilliseconds(400));
        monitor.Redis.Options.IncludeCommands.Should().Equal("GET", "SET");
        monitor.Alerts.Options.Thresholds.RedisLatencyWarning.Should().Be(TimeSpan.FromMilliseconds(200));
        monitor.Alerts.Options.ReopenAfter.Should().BeNull();
        monitor.Alerts.Options.Rules.Should().ContainSingle().Which.Labels.Should().Contain("team", "shop");
        monitor.TaskQueue.Thresholds.DepthPercent.Should().Be(60);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (host.Monitor.GetTaskQueueSummary().Workers != 3)
        {
            await Task.Delay(10, patience.Token);
        }

        var tree = config.GetProperty("settings");
        tree.GetProperty("TaskQueue").GetProperty("Types").GetProperty("mail").GetProperty("MaxConcurrency").GetInt32().Should().Be(2);
        Keys(config, "changed").Should().HaveCount(8).And.Contain("Monitoring:Redis:SlowThreshold");
        var entries = host.Monitor.Audit.GetEntries();
        entries.Should().HaveCount(8).And.OnlyContain(entry => entry.Action == "config.change" && entry.By == "admin");
        entries.Should().ContainSingle(entry => entry.Target == "Monitoring:Redis:SlowThreshold").Which.Note.Should().Be("\"00:00:00.1000000\" → \"00:00:00.4000000\"");
    }

    [Theory]
    [InlineData("""{"Redis": {"Unknown": 1}}""", "Monitoring:Redis:Unknown")]
    [InlineData("""{"Nonsense": {}}""", "Monitoring:Nonsense")]
    [InlineData("""{"Redis": {"SlowThreshold": "1 second"}}""", "Monitoring:Redis:SlowThreshold")]
    [InlineData("""{"Redis": {"SlowThreshold": 100}}""", "Monitoring:Redis:SlowThreshold")]
    [InlineData("""{"Redis": {"SlowThreshold": null}}""", "Monitoring:Redis:SlowThreshold")]
    [InlineData("""{"Redis": {"SlowThreshold": "01:00:00"}}""", "Monitoring:Redis:SlowThreshold")]
    [InlineData("""{"Redis": {"CaptureRawKeys": "yes"}}""", "Monitoring:Redis:CaptureRawKeys")]
    [InlineData("""{"Redis": {"SamplesPerSecond": 1.5}}""", "Monitoring:Redis:SamplesPerSecond")]
    [InlineData("""{"Redis": {"IncludeCommands": "GET"}}""", "Monitoring:Redis:IncludeCommands")]
    [InlineData("""{"Redis": {"IncludeCommands": [null]}}""", "Monitoring:Redis:IncludeCommands:0")]
    [InlineData("""{"Redis": {"IncludeCommands": [" "]}}""", "Monitoring:Redis:IncludeCommands:0")]
    [InlineData("""{"Redis": 5}""", "Monitoring:Redis")]
    [InlineData("""{"Redis": null}""", "Monitoring:Redis")]
    [InlineData("""{"Redis": {"RecentCapacity": 10}}""", "Monitoring:Redis:RecentCapacity")]
    [InlineData("""{"TaskQueue": {"FullMode": "Reject"}}""", "Monitoring:TaskQueue:FullMode")]
    [InlineData("""{"TaskQueue": {"FullMode": 1}}""", "Monitoring:TaskQueue:FullMode")]
    [InlineData("""{"TaskQueue": {"Types": {"mail": {"MaxConcurrency": 0}}}}""", "Monitoring:TaskQueue:Types:mail:MaxConcurrency")]
    [InlineData("""{"TaskQueue": {"Types": {"mail": {"Color": 0}}}}""", "Monitoring:TaskQueue:Types:mail:Color")]
    [InlineData("""{"Alerts": {"HysteresisPercent": 1e999}}""", "Monitoring:Alerts:HysteresisPercent")]
    [InlineData("""{"Alerts": {"HysteresisPercent": "NaN"}}""", "Monitoring:Alerts:HysteresisPercent")]
    [InlineData("""{"Alerts": {"MaintenanceWindows": [{"Name": "a", "Days": ["Someday"]}]}}""", "Monitoring:Alerts:MaintenanceWindows:0:Days:0")]
    [InlineData("""{"Alerts": {"Rules": [null]}}""", "Monitoring:Alerts:Rules:0")]
    [InlineData("""{"Alerts": {"Log": {"Name": "other"}}}""", "Monitoring:Alerts:Log:Name")]
    [InlineData("""{"Api": {"AdminKey": "another-key-0123456789"}}""", "Monitoring:Api:AdminKey")]
    public async Task What_cannot_be_taken_over_is_refused_by_its_key_and_nothing_changes(string wrong, string key)
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);
        var (_, before) = await host.AskAsync("config");

        // Something that is right goes with it, and must not be taken over either.
        var patch = wrong.Insert(1, "\"Backpressure\": {\"DepthPercent\": 33}, ");
        var (status, problem) = await host.AskAsync(HttpMethod.Put, "config", patch);

        status.Should().Be(HttpStatusCode.BadRequest, "{0}", problem);
        problem.WrongFields().Should().Equal(key);
        problem.GetProperty("errors").GetProperty(key)[0].GetString().Should().Contain("allowed: ");
        problem.ToString().Should().NotContainAny(MonitoringHost.AdminKey, MonitoringHost.ReaderKey, "another-key");
        var (_, after) = await host.AskAsync("config");
        after.ToString().Should().Be(before.ToString());
        host.Monitor.Audit.GetEntries().Should().BeEmpty();
    }

    [Fact]
    public async Task Every_wrong_key_is_named_at_once()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);

        var (_, problem) = await host.AskAsync(HttpMethod.Put, "config", """{"Redis": {"A": 1, "SlowThreshold": 1, "RecentCapacity": 1}, "B": 1}""");

        problem.WrongFields().Should().BeEquivalentTo("Monitoring:Redis:A", "Monitoring:Redis:SlowThreshold", "Monitoring:Redis:RecentCapacity", "Monitoring:B");
    }

    [Fact]
    public async Task What_was_read_may_be_sent_back_and_changes_nothing()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);
        var (_, config) = await host.AskAsync("config");

        var (status, after) = await host.AskAsync(HttpMethod.Put, "config", config.GetProperty("settings").ToString());

        status.Should().Be(HttpStatusCode.OK, "{0}", after);
        Keys(after, "changed").Should().BeEmpty();
        host.Monitor.Audit.GetEntries().Should().BeEmpty();
    }

    [Fact]
    public async Task A_change_outlives_a_reload_of_the_configuration_and_can_be_taken_back()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);
        var monitor = (PerformanceMonitor)host.Monitor;
        var configuration = (IConfigurationRoot)host.Services.GetRequiredService<IConfiguration>();
        await host.AskAsync(HttpMethod.Put, "config", """{"Redis": {"SlowThreshold": "00:00:00.4"}}""");

        configuration["Monitoring:Redis:SlowThreshold"] = "00:00:00.3";
        configuration["Monitoring:Redis:SamplesPerSecond"] = "7";
        configuration.Reload();

        monitor.Redis.Options.SlowThreshold.Should().Be(TimeSpan.FromMilliseconds(400));
        monitor.Redis.Options.SamplesPerSecond.Should().Be(7);

        var (_, config) = await host.AskAsync(HttpMethod.Delete, "config");

        Keys(config, "changed").Should().BeEmpty();
        monitor.Redis.Options.SlowThreshold.Should().Be(TimeSpan.FromMilliseconds(300));
        host.Monitor.Audit.GetEntries()[0].Action.Should().Be("config.reset");
    }

    [Fact]
    public async Task A_wrong_configuration_is_a_conflict_and_not_the_callers_mistake()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);
        var configuration = (IConfigurationRoot)host.Services.GetRequiredService<IConfiguration>();
        configuration["Monitoring:Redis:SamplesPerSecond"] = "-1";

        var (status, problem) = await host.AskAsync(HttpMethod.Put, "config", """{"Redis": {"SlowThreshold": "00:00:00.4"}}""");

        status.Should().Be(HttpStatusCode.Conflict);
        problem.Text("detail").Should().Contain("Monitoring:Redis:SamplesPerSecond is -1");
    }

    [Fact]
    public async Task Changes_made_at_the_same_time_are_all_kept()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);
        string[] patches =
        [
            .. Enumerable.Range(1, 20).SelectMany(static i => new[]
            {
                $"{{\"Redis\": {{\"SamplesPerSecond\": {i}}}}}", $"{{\"Backpressure\": {{\"DepthPercent\": {i}}}}}", $"{{\"Alerts\": {{\"HysteresisPercent\": {i}}}}}",
            }),
        ];

        await Parallel.ForEachAsync(patches, async (patch, _) => (await host.AskAsync(HttpMethod.Put, "config", patch)).Status.Should().Be(HttpStatusCode.OK));

        var (_, config) = await host.AskAsync("config");
        Keys(config, "changed").Should().BeEquivalentTo("Monitoring:Redis:SamplesPerSecond", "Monitoring:Backpressure:DepthPercent", "Monitoring:Alerts:HysteresisPercent");
        var shown = config.GetProperty("settings").GetProperty("Redis").GetProperty("SamplesPerSecond").GetInt32();
        ((PerformanceMonitor)host.Monitor).Redis.Options.SamplesPerSecond.Should().Be(shown);
    }

    [Fact]
    public void The_documentation_marks_those_keys_as_live_that_are()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "configuration.md"));
        var documented = Row().Matches(text).Where(static row => row.Groups[2].Value.TrimEnd().EndsWith("Live.", StringComparison.Ordinal)).Select(static row => row.Groups[1].Value);

        documented.Should().BeEquivalentTo(MonitorSettings.GetSettings().Where(static setting => setting.IsLive).Select(static setting => setting.Key));
    }

    [Fact]
    public async Task A_room_with_live_settings_has_those_that_were_last_taken_over()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);
        var monitor = (PerformanceMonitor)host.Monitor;

        (await host.AskAsync(HttpMethod.Put, "config", """{"Redis": {"SamplesPerSecond": 7}, "Backpressure": {"DepthPercent": 60}, "Alerts": {"FlapCount": 7}}""")).Status.Should().Be(HttpStatusCode.OK);

        monitor.Redis.Options.Should().BeSameAs(monitor.Current.Redis);
        monitor.TaskQueue.Thresholds.Should().BeSameAs(monitor.Current.Backpressure);
        monitor.Alerts.Options.Should().BeSameAs(monitor.Current.Alerts);
        monitor.Current.Should().NotBeSameAs(monitor.Started);
    }

    private static IEnumerable<string> Keys(JsonElement config, string list) => config.GetProperty(list).EnumerateArray().Select(static key => key.GetString()!);

    [GeneratedRegex(@"^\| `(Monitoring:[\w:]+)` \|[^|]*\|([^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    private sealed class QueueAdder(IServiceCollection services) : IMonitoringBuilder
    {
        public IServiceCollection Services => services;

        public void Add() => this.AddTaskQueue();
    }
}
