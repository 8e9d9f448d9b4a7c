using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Monitoring.Redis.Tests.Generators;

public sealed class RedisDecoratorGeneratorTests
{
    [Fact]
    public void Compiles_against_the_StackExchange_Redis_that_we_build_on() => CompilationErrors(Compilations.CurrentRedis).Should().BeEmpty();

    [Fact]
    public void Compiles_against_the_next_major_version()
    {
        File.Exists(Compilations.NextRedis).Should().BeTrue("PackageDownload fetches {0}", Compilations.NextRedis);
        CompilationErrors(Compilations.NextRedis).Should().BeEmpty();
    }

    [Fact]
    public void A_member_that_the_table_does_not_classify_fails_the_build_with_its_name()
    {
        var table = string.Join('\n', Compilations.Table.Split('\n').Where(static l => !l.StartsWith("StringAppend:", StringComparison.Ordinal)));

        var diagnostics = Run(Compilations.Driver(table), Compilations.Of(Compilations.CurrentRedis)).GetRunResult().Diagnostics;

        diagnostics.Should().OnlyContain(d => d.Id == "MONREDIS001" && d.Severity == DiagnosticSeverity.Error);
        diagnostics.Select(d => d.GetMessage()).Should().Contain(m => m.Contains("IDatabase.StringAppend") && m.Contains("'StringAppend'"));
    }

    [Theory]
    [InlineData("StringAppend")]
    [InlineData("StringAppend: append")]
    [InlineData("StringAppend: pass")]
    [InlineData("StringAppend: GET, SET")]
    public void A_malformed_line_fails_the_build(string line)
    {
        var diagnostics = Run(Compilations.Driver(Compilations.Table + "\n" + line), Compilations.Of(Compilations.CurrentRedis)).GetRunResult().Diagnostics;

        diagnostics.Should().ContainSingle().Which.Id.Should().Be("MONREDIS002");
    }

    [Fact]
    public void An_unrelated_edit_leaves_every_step_cached()
    {
        var compilation = Compilations.Of(Compilations.CurrentRedis);
        var driver = Run(Compilations.Driver(), compilation);

        driver = Run(driver, compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText("class Unrelated;", new CSharpParseOptions(LanguageVersion.Latest))));

        var result = driver.GetRunResult().Results.Single();
        result.TrackedSteps["Decorator"].SelectMany(s => s.Outputs).Should().OnlyContain(o => IsUnchanged(o.Reason));
        result.TrackedSteps["Table"].SelectMany(s => s.Outputs).Should().OnlyContain(o => IsUnchanged(o.Reason));
        result.TrackedOutputSteps.SelectMany(s => s.Value).SelectMany(s => s.Outputs).Should().OnlyContain(o => o.Reason == IncrementalStepRunReason.Cached);
    }

    private static bool IsUnchanged(IncrementalStepRunReason reason) => reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged;

    private static GeneratorDriver Run(GeneratorDriver driver, Compilation compilation) => driver.RunGenerators(compilation);

    private static List<string> CompilationErrors(string redisAssembly)
    {
        var driver = Compilations.Driver().RunGeneratorsAndUpdateCompilation(Compilations.Of(redisAssembly), out var compilation, out var diagnostics);
        driver.GetRunResult().GeneratedTrees.Should().HaveCount(8);
        return compilation.GetDiagnostics().Concat(diagnostics)
            .Where(static d => d.Severity == DiagnosticSeverity.Error)
            .Select(static d => d.ToString())
            .ToList();
    }
}
