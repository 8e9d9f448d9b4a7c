using System.Text.RegularExpressions;
using Monitoring.TestSupport;

namespace Monitoring.Documentation.Tests;

public sealed partial class SnippetTests
{
    public static TheoryData<string> Documents
    {
        get
        {
            var documents = new TheoryData<string> { "README.md" };
            foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md"))
            {
                documents.Add(Path.GetRelativePath(Repository.Root, file));
            }

            return documents;
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_csharp_block_of_the_documentation_compiles(string document)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, document));
        var blocks = CsharpBlock().Matches(text).Select(match => match.Groups[1].Value.Trim());

        blocks.Should().BeSubsetOf(typeof(SnippetTests).Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".cs", StringComparison.Ordinal)).SelectMany(CompiledSnippets));
    }

    [Fact]
    public void The_readme_shows_the_four_things_that_users_do()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

        CsharpBlock().Matches(text).Select(match => match.Groups[1].Value.Trim()).Should().BeEquivalentTo(CompiledSnippets("Snippets.cs"));
    }

    private static List<string> CompiledSnippets(string file)
    {
        using var reader = new StreamReader(typeof(SnippetTests).Assembly.GetManifestResourceStream(file)!);
        return [.. MarkedSnippet().Matches(reader.ReadToEnd()).Select(match => Dedent(match.Groups[1].Value))];
    }

    private static string Dedent(string code)
    {
        var lines = code.Trim('\n').Split('\n');
        var indent = lines.Where(line => line.Trim().Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length < indent ? "" : line[indent..])).Trim();
    }

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CsharpBlock();

    [GeneratedRegex(@"// snippet: \w+\n(.*?)\n\s*// end", RegexOptions.Singleline)]
    private static partial Regex MarkedSnippet();
}
