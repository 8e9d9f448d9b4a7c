using System.Buffers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Monitoring.AspNetCore.OpenApi;
using Monitoring.AspNetCore.Security;

namespace Monitoring.AspNetCore.Prometheus;

/// <summary>What Prometheus scrapes, the rules that it may evaluate, and the dashboard that shows it in Grafana.</summary>
internal static class PrometheusEndpoints
{
    public static void Map(RouteGroupBuilder group, ApiAccess access)
    {
        group.MapGet("prometheus", static (HttpContext context, IPerformanceMonitor monitor) => WriteAsync(context, monitor))
            .ForReaders(access).Produces<string>(StatusCodes.Status200OK, "text/plain", "application/openmetrics-text")
            .Describe("The metrics as text, in the Prometheus or the OpenMetrics format as Accept says.");
        group.MapGet("prometheus/rules", static (IPerformanceMonitor monitor) => Rules(monitor)).ForReaders(access).Produces<string>(StatusCodes.Status200OK, "text/yaml")
            .Describe("The default rules, with the thresholds in effect, as a rule file of Prometheus.");
        group.MapGet("prometheus/dashboard", static () => Dashboard()).ForReaders(access).Produces<object>(StatusCodes.Status200OK, "application/json")
            .Describe("A dashboard for Grafana.");
    }

    private static Task WriteAsync(HttpContext context, IPerformanceMonitor monitor)
    {
        var openMetrics = ExpositionFormat.WantsOpenMetrics(context.Request.Headers.Accept);
        context.Response.ContentType = openMetrics ? ExpositionFormat.OpenMetrics : ExpositionFormat.Text;
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        return Exposition.WriteAsync(context.Response.BodyWriter, monitor, openMetrics, context.RequestAborted);
    }

    private static ContentHttpResult Rules(IPerformanceMonitor monitor) => TypedResults.Text(RuleFile.Write(monitor.Alerts.Options), "text/yaml; charset=utf-8");

    private static FileContentHttpResult Dashboard()
    {
        var output = new ArrayBufferWriter<byte>();
        GrafanaDashboard.Write(output);
        return TypedResults.Bytes(output.WrittenSpan.ToArray(), "application/json");
    }
}
