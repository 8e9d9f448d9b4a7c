using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Monitoring.AspNetCore.Json;
using Monitoring.AspNetCore.OpenApi;
using Monitoring.AspNetCore.Security;
using Monitoring.Telemetry;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>Who changed what, and when.</summary>
internal static class AuditEndpoints
{
    public static void Map(RouteGroupBuilder group, ApiAccess access) =>
        group.MapGet("audit", static (HttpRequest request, IPerformanceMonitor monitor) => List(request, monitor)).ForReaders(access).Produces<AuditResponse>()
            .Describe("Who changed what and when, newest first.", QueryParameter.Limit, QueryParameter.Cursor);

    private static IResult List(HttpRequest request, IPerformanceMonitor monitor)
    {
        var query = new QueryFields(request.Query);
        var (limit, cursor) = (query.Limit(), query.Text("cursor"));
        IReadOnlyList<AuditEntry> entries = monitor.Audit.GetEntries();
        if (cursor is not null)
        {
            var rest = entries.SkipWhile(entry => entry.Id != cursor).Skip(1).ToList();
            if (!entries.Any(entry => entry.Id == cursor))
            {
                query.Refuse("cursor", cursor, "the id of an entry that is still kept; allowed: what an answer has as next");
            }

            entries = rest;
        }

        return query.Problem ?? TypedResults.Json(
            new AuditResponse([.. entries.Take(limit)], entries.Count > limit ? entries[limit - 1].Id : null), ApiJson.For<AuditResponse>());
    }
}

/// <summary>The last changes that people made, newest first, and what to send as <c>cursor</c> for older ones; null at the end.</summary>
internal sealed record AuditResponse(IReadOnlyList<AuditEntry> Entries, string? Next);
