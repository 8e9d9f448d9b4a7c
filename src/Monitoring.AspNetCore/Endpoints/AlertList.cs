using Microsoft.AspNetCore.Http;
using Monitoring.Alerts;
using Monitoring.AspNetCore.Json;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>One page of each list of alerts, or of the one that a cursor belongs to.</summary>
internal static class AlertList
{
    public static IResult Read(HttpRequest request, IPerformanceMonitor monitor)
    {
        var query = new QueryFields(request.Query);
        var (filter, limit, text) = (new AlertFilter(query), query.Limit(), query.Text("cursor"));
        var cursor = text is null ? null : AlertCursor.Parse(text);
        if (text is not null && cursor is null)
        {
            query.Refuse("cursor", text, "a cursor; allowed: what an answer has as next");
        }

        if (query.Problem is { } problem)
        {
            return problem;
        }

        var all = monitor.GetActiveAlerts();
        var active = Page(AlertCursor.Active, all);
        var resolved = Page(AlertCursor.Resolved, monitor.Alerts.GetResolved());
        var pending = Page(AlertCursor.Pending, monitor.Alerts.GetPending());
        return TypedResults.Json(
            new AlertsResponse(
                active.Entries, resolved.Entries, pending.Entries, AlertSummary.Of(all),
                new AlertsMatched(active.Matched, resolved.Matched, pending.Matched),
                new AlertsNext(active.Next, resolved.Next, pending.Next)),
            ApiJson.For<AlertsResponse>());

        (IReadOnlyList<Alert> Entries, int Matched, string? Next) Page(string list, IReadOnlyList<Alert> alerts)
        {
            var matched = alerts.Where(filter.Fits).OrderBy(alert => AlertCursor.Of(list, alert)).ToList();
            if (cursor is not null && cursor.Value.List != list)
            {
                return ([], matched.Count, null);
            }

            var rest = matched.Where(alert => cursor is null || AlertCursor.Of(list, alert).CompareTo(cursor.Value) > 0).ToList();
            return rest.Count > limit
                ? (rest[..limit], matched.Count, AlertCursor.Of(list, rest[limit - 1]).ToString())
                : (rest, matched.Count, null);
        }
    }
}
