using System.Text.RegularExpressions;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Architecture;

/// <summary>Who may know whom, as docs/architecture.md draws it: a room is a folder, and a using is an acquaintance.</summary>
public sealed partial class RoomTests
{
    private static readonly string[] Foundations = ["Telemetry", "Validation"];

    private static readonly Dictionary<string, string[]> Acquaintances = new()
    {
        ["Latency"] = [],
        ["Telemetry"] = ["Validation"],
        ["Validation"] = [],
        ["CircuitBreakers"] = ["Latency", .. Foundations],
        ["SlowOperations"] = ["Latency", .. Foundations],
        ["Redis"] = ["Latency", "CircuitBreakers", "SlowOperations", .. Foundations],
        ["Webhooks"] = ["Latency", "Requests", .. Foundations],
        ["Requests"] = ["Latency", .. Foundations],
        ["Caches"] = ["Latency", .. Foundations],
        ["Queries"] = ["Latency", "SlowOperations", "Requests", .. Foundations],
        ["Measurements"] = ["Latency", .. Foundations],
        ["SystemResources"] = ["Latency", .. Foundations],
        ["Services"] = ["Latency", .. Foundations],
        ["TaskQueues"] = ["Latency", "Backpressure", .. Foundations],
        ["Backpressure"] = ["Latency", .. Foundations],
        ["History"] = [.. Foundations],
        ["Alerts"] = ["Latency", "History", .. Foundations],
    };

    /// <summary>Sees everything: it puts the rooms together.</summary>
    private const string Assembler = "DependencyInjection";

    private static readonly string Core = Path.Combine(Repository.Root, "src", "Monitoring.Core");

    [Fact]
    public void Every_room_is_on_the_list()
    {
        var rooms = Directory.GetDirectories(Core).Select(Path.GetFileName).Where(name => name is not ("bin" or "obj"));

        rooms.Should().BeEquivalentTo(Acquaintances.Keys.Append(Assembler));
    }

    [Fact]
    public void A_room_knows_only_its_acquaintances()
    {
        var strangers =
            from room in Acquaintances
            from file in Directory.GetFiles(Path.Combine(Core, room.Key), "*.cs", SearchOption.AllDirectories)
            from Match mention in RoomMention().Matches(File.ReadAllText(file))
            let known = mention.Groups[1].Value
            where known != room.Key && !room.Value.Contains(known)
            where Acquaintances.ContainsKey(known) || known == Assembler
            select $"{Path.GetRelativePath(Core, file)} knows {known}";

        strangers.Should().BeEmpty();
    }

    [Theory]
    [InlineData("Monitoring.Core", new string[0])]
    [InlineData("Monitoring.Redis", new[] { "Monitoring.Core", "Monitoring.Redis.Generators" })]
    [InlineData("Monitoring.AspNetCore", new[] { "Monitoring.Core" })]
    [InlineData("Monitoring.Cli", new string[0])]
    public void An_assembly_references_only_what_is_below_it(string project, string[] allowed)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "src", project, $"{project}.csproj"));

        ProjectReference().Matches(text).Select(match => match.Groups[1].Value).Should().BeSubsetOf(allowed);
    }

    [Fact]
    public void No_type_shares_the_name_of_a_namespace()
    {
        var types = typeof(PerformanceMonitor).Assembly.GetExportedTypes();
        var namespaces = types.Select(type => type.Namespace).OfType<string>().ToHashSet();

        types.Select(type => type.FullName).Should().NotIntersectWith(namespaces);
    }

    [GeneratedRegex(@"\bMonitoring\.(\w+)")]
    private static partial Regex RoomMention();

    [GeneratedRegex(@"<ProjectReference Include=""[^""]*/([\w.]+)\.csproj""")]
    private static partial Regex ProjectReference();
}
