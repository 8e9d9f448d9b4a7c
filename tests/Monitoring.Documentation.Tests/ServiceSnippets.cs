using System.Data.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.Services;

namespace Monitoring.Documentation.Tests;

/// <summary>The code blocks of docs/services.md, compiled. Each stands there word for word, between its two marks.</summary>
internal static class ServiceSnippets
{
    public static void Register(WebApplicationBuilder builder)
    {
        // snippet: probes
        builder.Services.AddMonitoring()
            .AddServiceProbe("payments", new Uri("https://payments.internal/healthz"))
            .AddServiceProbe("mail", "smtp.internal", 25, o => o.IsOptional = true)
            .AddServiceProbe("orders-db", sp => sp.GetRequiredService<DbDataSource>().CreateConnection(), o =>
            {
                o.Interval = TimeSpan.FromSeconds(15);
                o.DegradedAfter = TimeSpan.FromMilliseconds(200);
            })
            .AddRedisProbe()
            .AddServiceProbe("search", async (sp, token) =>
            {
                var nodes = await sp.GetRequiredService<SearchClient>().CountNodesAsync(token);
                return nodes switch
                {
                    >= 3 => ServiceProbeResult.Healthy,
                    > 0 => ServiceProbeResult.Warning($"{nodes} of 3 nodes answer."),
                    _ => ServiceProbeResult.Critical("No node answers."),
                };
            });
        // end
    }

    public static void Recover(IMonitoringBuilder monitoring)
    {
        // snippet: recover
        monitoring.AddServiceProbe("search", (sp, token) => sp.GetRequiredService<SearchClient>().ProbeAsync(token), o =>
        {
            o.Recover = (recovery, token) => recovery.Services!.GetRequiredService<SearchClient>().ReconnectAsync(token);
            o.RecoveryAttempts = 3;
        });
        // end
    }

    public static void HealthChecks(WebApplicationBuilder builder, WebApplication app)
    {
        // snippet: health
        builder.Services.AddHealthChecks().AddMonitoring("ready");            // ours among the host's
        builder.Services.AddMonitoring().AddHealthCheckProbes();              // the host's among ours

        app.MapHealthChecks("/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") });
        // end
    }

    public static void WithoutHost(PerformanceMonitor monitor)
    {
        // snippet: hostless
        monitor.Services.Add("payments", new Uri("https://payments.internal/healthz"));
        monitor.Services.Add("orders", async token => await Orders.AnswerAsync(token) ? ServiceProbeResult.Healthy : ServiceProbeResult.Critical("It is closed."));
        // end
    }

    private static class Orders
    {
        public static Task<bool> AnswerAsync(CancellationToken token) => Task.FromResult(!token.IsCancellationRequested);
    }

    private sealed class SearchClient
    {
        public Task<int> CountNodesAsync(CancellationToken token) => Task.FromResult(token.IsCancellationRequested ? 0 : 3);

        public ValueTask<ServiceProbeResult> ProbeAsync(CancellationToken token) => new(token.IsCancellationRequested ? default : ServiceProbeResult.Healthy);

        public ValueTask ReconnectAsync(CancellationToken token) => token.IsCancellationRequested ? ValueTask.FromCanceled(token) : ValueTask.CompletedTask;
    }
}
