using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using Monitoring.Redis.Generators;
using Monitoring.TestSupport;

namespace Monitoring.Redis.Tests.Generators;

/// <summary>Compiles the decorators' own sources with the generator, against any StackExchange.Redis.</summary>
internal static class Compilations
{
    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest);

    public static string CurrentRedis => typeof(StackExchange.Redis.IDatabase).Assembly.Location;

    public static string NextRedis => typeof(Compilations).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "NextRedis").Value!;

    public static string SourceFolder => Path.Combine(Repository.Root, "src", "Monitoring.Redis");

    public static string Table => File.ReadAllText(Path.Combine(SourceFolder, "Decorators", "RedisCommands.txt"));

    public static CSharpCompilation Of(string redisAssembly)
    {
        // RedisDecoration needs the logging generator, which says nothing about ours.
        var sources = Directory.GetFiles(Path.Combine(SourceFolder, "Decorators"), "*.cs")
            .Where(static f => Path.GetFileName(f) != "RedisDecoration.cs")
            .Concat(Directory.GetFiles(Path.Combine(SourceFolder, "Diagnostics"), "*.cs"))
            .Concat(Directory.GetFiles(SourceFolder, "*.cs").Where(static f => Path.GetFileName(f) != "RedisMonitoringExtensions.cs"))
            .Select(static f => CSharpSyntaxTree.ParseText(File.ReadAllText(f), ParseOptions, f))
            .Append(CSharpSyntaxTree.ParseText(
                """
                global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
                global using System.Threading; global using System.Threading.Tasks;
                """,
                ParseOptions));
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static f => Path.GetFileName(f) is not ("StackExchange.Redis.dll" or "Monitoring.Redis.dll"))
            .Append(redisAssembly)
            .Select(static f => MetadataReference.CreateFromFile(f));

        // Monitoring.Core shows its internals to this name.
        return CSharpCompilation.Create(
            "Monitoring.Redis", sources, references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
    }

    public static GeneratorDriver Driver(string? table = null) => CSharpGeneratorDriver.Create(
        [new RedisDecoratorGenerator().AsSourceGenerator()],
        [new TableFile(table ?? Table)],
        ParseOptions,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    private sealed class TableFile(string text) : AdditionalText
    {
        public override string Path => "Decorators/RedisCommands.txt";

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }
}
