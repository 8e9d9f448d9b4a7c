using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monitoring.Services;
using Monitoring.TestSupport;
using Npgsql;

namespace Monitoring.IntegrationTests.Services;

/// <summary>The real Npgsql on a real PostgreSQL, through System.Data.Common alone.</summary>
public sealed class DatabaseProbeTests
{
    [Fact]
    public async Task PostgreSql_is_healthy_while_it_answers_and_says_no_secret_when_it_does_not()
    {
        await using var server = await ServerProcess.StartPostgreSqlAsync();
        await using var source = NpgsqlDataSource.Create($"Host=127.0.0.1;Port={server.Port};Username=postgres;Password=hunter2;Database=postgres;Pooling=false");
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<DbDataSource>(source);
        builder.Services.AddMonitoring(static options => options.System.Enabled = false)
            .AddServiceProbe("orders-db", static sp => sp.GetRequiredService<DbDataSource>().CreateConnection(), static options => ServiceProbeTests.Quick(options))
            .AddServiceProbe("no-such-db", _ => new NpgsqlConnection($"Host=127.0.0.1;Port={server.Port};Username=postgres;Password=hunter2;Database=absent;Pooling=false"), static options => ServiceProbeTests.Quick(options));
        using var host = builder.Build();
        await host.StartAsync();
        var monitor = host.Services.GetRequiredService<IPerformanceMonitor>();

        (await ServiceProbeTests.ShouldBecomeAsync(monitor, "orders-db", ServiceStatus.Healthy)).Kind.Should().Be("database");
        (await ServiceProbeTests.ShouldBecomeAsync(monitor, "no-such-db", ServiceStatus.Critical)).LastError.Should().Contain("absent").And.NotContain("hunter2");

        await server.KillAsync();

        (await ServiceProbeTests.ShouldBecomeAsync(monitor, "orders-db", ServiceStatus.Critical)).LastError.Should().NotBeNullOrEmpty().And.NotContain("hunter2");
        await host.StopAsync();
    }
}
