using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Monitoring.IntegrationTests.Dashboard;

/// <summary>Figures as the page shows them, read back.</summary>
internal static partial class Shown
{
    private const string FindCell = """
        (main, { row, column }) => {
          for (const table of main.querySelectorAll('table')) {
            const place = [...table.querySelectorAll('thead th')].findIndex(head => head.innerText.replace(/[▾▴]/g, '').trim() === column);
            if (place < 0) continue;
            const found = [...table.tBodies[0].rows].find(line => line.cells[0].innerText.replace(/^[▸▾]/, '').trim() === row);
            if (found) return found.cells[place].innerText.trim();
          }
          return null;
        }
        """;

    private const string FindFigure = """
        (main, { panel, label }) => {
          const section = [...main.querySelectorAll('section')].find(section => section.querySelector('h2')?.innerText.trim() === panel);
          const term = [...(section?.querySelectorAll('dt') ?? [])].find(term => term.innerText.trim() === label);
          return term?.parentElement.querySelector('dd').innerText.trim() ?? null;
        }
        """;

    /// <summary>What stands in the row that begins with this text, in the column of this title; null when there is none.</summary>
    public static async Task<string?> CellAsync(this Tab tab, string row, string column) => await tab.Main.EvaluateAsync<string?>(FindCell, new { row, column });

    /// <summary>The number of a figure in a panel; null when there is none.</summary>
    public static async Task<string?> FigureAsync(this Tab tab, string panel, string label) => await tab.Main.EvaluateAsync<string?>(FindFigure, new { panel, label });

    /// <summary>The number that a text begins with: <c>9,310</c>, <c>48.1 k</c>, <c>3.20 MiB</c>; null when it does not.</summary>
    public static double? Number(string? text)
    {
        var match = Numeral().Match(text ?? "");
        if (!match.Success)
        {
            return null;
        }

        var unit = match.Groups[2].Value switch
        {
            "k" => 1e3,
            "M" => 1e6,
            "G" => 1e9,
            "KiB" => 1024,
            "MiB" => 1024.0 * 1024,
            "GiB" => 1024.0 * 1024 * 1024,
            "TiB" => 1024.0 * 1024 * 1024 * 1024,
            _ => 1,
        };
        return double.Parse(match.Groups[1].Value, NumberStyles.Number, CultureInfo.InvariantCulture) * unit;
    }

    // With three significant figures it may be off by half a percent.
    public static double Least(double value) => value >= 10_000 ? value * 0.995 : value;

    public static double Most(double value) => value >= 10_000 ? value * 1.005 : value;

    [GeneratedRegex(@"^([\d,]+(?:\.\d+)?)(?:\s*(k|M|G|KiB|MiB|GiB|TiB)\b)?")]
    private static partial Regex Numeral();
}
