using System.Text.Json;
using Microsoft.Playwright;
using Monitoring.TestSupport;

namespace Monitoring.IntegrationTests.Dashboard;

/// <summary>Deque's axe, from the page's own packages: what people cannot perceive or operate.</summary>
internal static class Axe
{
    private static readonly Lazy<string> Script = new(static () =>
    {
        var file = Path.Combine(Repository.Root, "src/Monitoring.AspNetCore/Dashboard/node_modules/axe-core/axe.min.js");
        return File.Exists(file) ? File.ReadAllText(file) : throw new InvalidOperationException($"{file} is missing; install it with: npm ci --prefix src/Monitoring.AspNetCore/Dashboard");
    });

    /// <summary>What it calls serious or critical, one line each.</summary>
    public static async Task<IReadOnlyList<string>> FindAsync(IPage page)
    {
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
        {
            await page.EvaluateAsync($"() => {{ {Script.Value} }}");
        }

        var violations = await page.EvaluateAsync<JsonElement>("async () => (await axe.run(document, { resultTypes: ['violations'] })).violations");
        return
        [
            .. from violation in violations.EnumerateArray()
               where violation.GetProperty("impact").GetString() is "serious" or "critical"
               from node in violation.GetProperty("nodes").EnumerateArray()
               select $"{violation.GetProperty("id").GetString()}: {node.GetProperty("html").GetString()} {node.GetProperty("failureSummary").GetString()}",
        ];
    }
}
