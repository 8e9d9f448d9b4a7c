using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Monitoring.AspNetCore.Security;

namespace Monitoring.AspNetCore.Page;

/// <summary>
/// Where the page finds the API: as a relative address, from the patterns that both are mapped with. So it holds under any path base, and behind a
/// proxy that takes away a prefix.
/// </summary>
internal static class ApiAddress
{
    /// <summary>The address of the API's folder, seen from the page's; null when there is no API that can be named.</summary>
    /// <param name="page">The endpoint of the page.</param>
    /// <param name="endpoints">All endpoints. Of several APIs the one that shares the longest prefix with the page is taken, then the first.</param>
    public static string? From(RouteEndpoint page, IEnumerable<Endpoint> endpoints)
    {
        var from = Segments(page.RoutePattern);
        string? nearest = null;
        var most = -1;
        foreach (var root in endpoints.OfType<RouteEndpoint>().Where(static endpoint => endpoint.Metadata.GetMetadata<ApiRoot>() is not null))
        {
            var to = Segments(root.RoutePattern)[..^1];
            var common = from.Zip(to).TakeWhile(static pair => pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase)).Count();

            // A parameter has a value only in the part that both share, where nobody has to name it.
            if (common > most && !to[common..].Any(static segment => segment.Contains('{')))
            {
                most = common;
                nearest = Relative(from.Length - common, to[common..]);
            }
        }

        return nearest;
    }

    // "./" in front: the first segment could have a colon and be taken for a scheme (RFC 3986, 4.2).
    private static string Relative(int up, string[] down) =>
        (up == 0 ? "./" : string.Concat(Enumerable.Repeat("../", up))) + string.Concat(down.Select(static segment => new PathString($"/{segment}").ToUriComponent()[1..] + "/"));

    private static string[] Segments(RoutePattern pattern) =>
        [.. pattern.PathSegments.Select(static segment => string.Concat(segment.Parts.Select(static part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternSeparatorPart separator => separator.Content,
            RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
            _ => "{}",
        })))];
}

/// <summary>Marks an endpoint that lies directly below the prefix of an API.</summary>
internal sealed class ApiRoot
{
    public static readonly ApiRoot Instance = new();
}
