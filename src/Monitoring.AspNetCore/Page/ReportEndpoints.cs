using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.AspNetCore.Endpoints;
using Monitoring.AspNetCore.Json;
using Monitoring.AspNetCore.OpenApi;
using Monitoring.AspNetCore.Security;
using Monitoring.DependencyInjection;

namespace Monitoring.AspNetCore.Page;

/// <summary>The dashboard as a file, to be kept or sent.</summary>
internal static class ReportEndpoints
{
    public static void Map(RouteGroupBuilder group, ApiAccess access) =>
        group.MapGet("report.html", (HttpContext context, IPerformanceMonitor monitor) => WriteAsync(context, monitor, access)).ForReaders(access).Produces<string>(StatusCodes.Status200OK, "text/html")
            .Describe("The dashboard with what it shows at this moment, as one HTML file that needs no server.", QueryParameter.Window);

    private static async Task<IResult> WriteAsync(HttpContext context, IPerformanceMonitor monitor, ApiAccess access)
    {
        if (!Window.TryRead(context.Request.Query, out var window, out var problem))
        {
            return problem;
        }

        var (_, name) = await access.IdentifyAsync(context).ConfigureAwait(false);
        var data = ReportData.Take(monitor, context.RequestServices.GetService<MonitorSettings>(), name, window ?? TimeSpan.FromHours(1));
        var page = ReportPage.Built;
        context.Response.Headers.ContentSecurityPolicy = page.Policy;
        context.Response.Headers.ContentDisposition = string.Create(CultureInfo.InvariantCulture, $"inline; filename=\"monitoring-report-{data.GeneratedAt.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}.html\"");
        return TypedResults.Bytes(page.With(JsonSerializer.Serialize(data, ApiJson.For<ReportData>())), "text/html; charset=utf-8");
    }
}
