using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Monitoring.AspNetCore.Prometheus;

/// <summary>In which of its two formats a scraper wants the metrics.</summary>
/// <remarks>
/// Prometheus' text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/) and OpenMetrics 1.0
/// (https://prometheus.io/docs/specs/om/open_metrics_spec/).
/// </remarks>
internal static class ExpositionFormat
{
    public const string Text = "text/plain; version=0.0.4; charset=utf-8";
    public const string OpenMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /// <summary>
    /// Whether OpenMetrics is wanted more than the text format. Who names neither, or nothing that can be read, gets the text.
    /// </summary>
    public static bool WantsOpenMetrics(StringValues accept)
    {
        if (!MediaTypeHeaderValue.TryParseList(accept, out var wanted))
        {
            return false;
        }

        var (openMetrics, text) = (0.0, 0.0);
        foreach (var type in wanted)
        {
            var quality = type.Quality ?? 1;
            if (type.MediaType.Equals("application/openmetrics-text", StringComparison.OrdinalIgnoreCase) && VersionOf(type) is null or "1.0.0")
            {
                openMetrics = Math.Max(openMetrics, quality);
            }
            else if (type.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase) && VersionOf(type) is null or "0.0.4")
            {
                text = Math.Max(text, quality);
            }
        }

        return openMetrics > 0 && openMetrics >= text;
    }

    private static string? VersionOf(MediaTypeHeaderValue type) =>
        type.Parameters.FirstOrDefault(static parameter => parameter.Name.Equals("version", StringComparison.OrdinalIgnoreCase))?.GetUnescapedValue().Value;
}
