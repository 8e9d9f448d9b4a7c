using Monitoring.Queries;

namespace Monitoring.Documentation.Tests;

/// <summary>The code block of docs/queries.md, compiled. It stands there word for word, between its two marks.</summary>
internal static class QuerySnippets
{
    public static void List(IPerformanceMonitor monitor)
    {
        // snippet: queries
        QuerySummary queries = monitor.GetQuerySummary(TimeSpan.FromMinutes(15));
        foreach (QueryStatement statement in queries.Statements)
        {
            Console.WriteLine($"{statement.Count} × {statement.Text}: {statement.TotalTime}, from {string.Join(", ", statement.Endpoints.Select(e => e.Endpoint))}");
        }
        // end
    }
}
