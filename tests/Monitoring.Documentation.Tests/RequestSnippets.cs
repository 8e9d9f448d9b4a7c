using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.Requests;

namespace Monitoring.Documentation.Tests;

/// <summary>The code blocks of docs/requests.md, compiled. Each stands there word for word, between its two marks.</summary>
internal static class RequestSnippets
{
    public static void Use(WebApplication app)
    {
        // snippet: use
        app.UseRequestMonitoring();
        // end
    }

    public static void Configure(WebApplication app)
    {
        // snippet: configure
        app.UseRequestMonitoring(options =>
        {
            options.TenantClaim = "tid";
            options.ServerTiming = true;
        });
        app.MapGet("/ready", () => "ready").ExcludeFromRequestMonitoring();
        app.MapGet("/orders/{id}", (string id, HttpContext context, IPerformanceMonitor monitor) =>
        {
            context.SetCacheHit(true);
            using var phase = monitor.Requests.Measure("render");
            return $"order {id}";
        });
        // end
    }

    public static async Task AssessAsync(IPerformanceMonitor monitor)
    {
        // snippet: operation
        using (var operation = monitor.BeginOperation("assess"))
        {
            using (operation.Measure("load"))
            {
                await LoadAsync();
            }

            if (!await AssessAsync())
            {
                operation.Fail();
            }
        }
        // end
    }

    // snippet: attribute
    public interface IAssessor
    {
        [MonitorOperation("assess")]
        Task<bool> AssessAsync(string text);
    }
    // end

    public static void Decorate(WebApplicationBuilder builder)
    {
        // snippet: decorate
        builder.Services.AddScoped<IAssessor, Assessor>();
        builder.Services.AddMonitoring().MonitorOperations<IAssessor>();
        // end
    }

    public static void Record(IPerformanceMonitor monitor)
    {
        // snippet: record
        monitor.RecordRequest(new RequestMetric("llm.complete", TimeSpan.FromMilliseconds(830)) { CacheHit = false, TenantId = "acme" });
        // end
    }

    private static Task LoadAsync() => Task.CompletedTask;

    private static Task<bool> AssessAsync() => Task.FromResult(true);

    private sealed class Assessor : IAssessor
    {
        public Task<bool> AssessAsync(string text) => Task.FromResult(text.Length > 0);
    }
}
