using System.Diagnostics;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Monitoring.IntegrationTests.Queries;

/// <summary>What OpenTelemetry exports is the same with the monitor as without it.</summary>
[Collection(nameof(Alone))]
public sealed class HostTracingTests(PostgreSqlFixture postgreSql) : IClassFixture<PostgreSqlFixture>
{
    private const string Host = "Shop";

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task The_host_exports_the_same_spans(bool withNpgsql, bool sampled)
    {
        var bare = await ExportAsync(withNpgsql, sampled);
        List<string> monitored;
        await using (var monitor = PerformanceMonitor.Create())
        {
            monitored = await ExportAsync(withNpgsql, sampled);
            monitor.Queries.GetSummary().Count.Should().Be(1);
        }

        monitored.Should().Equal(bare);
        monitored.Should().HaveCount(!sampled ? 0 : withNpgsql ? 4 : 2);
    }

    // What the host's own code does before, while and after it asks the database; a new connection each time.
    private async Task<List<string>> ExportAsync(bool withNpgsql, bool sampled)
    {
        var exporter = new Exporter();
        using var source = new ActivitySource(Host);
        var builder = Sdk.CreateTracerProviderBuilder().AddSource(Host)
            .SetSampler(new ParentBasedSampler(sampled ? new AlwaysOnSampler() : new AlwaysOffSampler()))
            .AddProcessor(new SimpleActivityExportProcessor(exporter));
        using (withNpgsql ? builder.AddSource("Npgsql").Build() : builder.Build())
        {
            await using var fresh = NpgsqlDataSource.Create(postgreSql.Source.ConnectionString);
            using var request = source.StartActivity("request");
            await using var command = fresh.CreateCommand("SELECT id FROM items");
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
            }

            using var inner = source.StartActivity("inner");
        }

        return exporter.Spans;
    }

    private sealed class Exporter : BaseExporter<Activity>
    {
        public List<string> Spans { get; } = [];

        public override ExportResult Export(in Batch<Activity> batch)
        {
            foreach (var activity in batch)
            {
                Spans.Add($"{activity.Source.Name} {activity.DisplayName} in {activity.Parent?.DisplayName} {activity.Recorded}");
            }

            return ExportResult.Success;
        }
    }
}
