using Monitoring.KillTest;
using Xunit.Abstractions;

namespace Monitoring.IntegrationTests.Streams;

/// <summary>What eng/kill-test does, with fewer tasks. By itself: it starts and kills processes of its own.</summary>
[Collection(nameof(Alone))]
public sealed class KillTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_task_is_done_although_workers_and_redis_are_killed()
    {
        var text = new StringWriter();

        var report = await Driver.RunAsync(
            new KillTestOptions { Tasks = 2_000, KillEvery = TimeSpan.FromSeconds(1.5), Patience = TimeSpan.FromMinutes(4) }, text);

        output.WriteLine(text.ToString());
        report.Passed.Should().BeTrue(text.ToString());
        report.Starts.Should().BeGreaterThanOrEqualTo(report.Executions, "each end has a begin");
    }
}
