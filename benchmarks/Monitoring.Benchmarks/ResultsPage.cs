using System.Globalization;
using System.Text;
using BenchmarkDotNet.Environments;

namespace Monitoring.Benchmarks;

/// <summary>benchmarks/RESULTS.md: a section for each command, which replaces its own and leaves the others as they are.</summary>
internal static class ResultsPage
{
    /// <param name="path">The page; made when there is none.</param>
    /// <param name="command">Whose section it is; sections follow each other in the order of these names.</param>
    /// <param name="text">The section.</param>
    public static async Task ReplaceSectionAsync(string path, string command, string text)
    {
        var sections = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (File.Exists(path))
        {
            foreach (var section in (await File.ReadAllTextAsync(path)).Split(Mark(""), StringSplitOptions.RemoveEmptyEntries))
            {
                var end = section.IndexOf(MarkEnd, StringComparison.Ordinal);
                if (end > 0)
                {
                    sections[section[..end]] = section[(end + MarkEnd.Length)..].Trim();
                }
            }
        }

        sections[command] = text.Trim();
        await File.WriteAllTextAsync(path, string.Join("\n\n", sections.Select(static section => $"{Mark(section.Key)}{MarkEnd}\n{section.Value}")) + "\n");
    }

    /// <summary>How a section begins: what wrote it, when and where.</summary>
    public static string Heading(string title, string command, string? server = null)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"# Results: {title}").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"Written by `{command}` on {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC. All figures are from that one run; compare the ratios, not the times, with those of another machine.");
        text.AppendLine().AppendLine("```");
        foreach (var line in HostEnvironmentInfo.GetCurrent().ToFormattedString())
        {
            text.AppendLine(line);
        }

        if (server is not null)
        {
            text.AppendLine(server);
        }

        return text.Append("```").ToString();
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    private const string MarkEnd = " -->";

    private static string Mark(string command) => $"<!-- eng/bench {command}";
}
