using System.IO.Compression;

namespace StandIns.Tests.Feed;

public sealed class PackingTests
{
    [Fact]
    public async Task What_is_packed_names_the_client_and_no_stand_in()
    {
        // A library, and a program on it, under the repository's rules: central versions, warnings are errors.
        var root = Directory.CreateTempSubdirectory("standins-pack-");
        try
        {
            Write("Directory.Build.props", $"""
                <Project>
                  <Import Project="{Path.Combine(FeedCopy.Original, "Feed.props")}" />
                  <PropertyGroup><TargetFramework>net10.0</TargetFramework><TreatWarningsAsErrors>true</TreatWarningsAsErrors></PropertyGroup>
                </Project>
                """);
            Write("Directory.Packages.props", """
                <Project>
                  <PropertyGroup><ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally></PropertyGroup>
                  <ItemGroup><PackageVersion Include="StackExchange.Redis" Version="2.13.23" /></ItemGroup>
                </Project>
                """);
            Write("library/library.csproj", """
                <Project Sdk="Microsoft.NET.Sdk"><ItemGroup><PackageReference Include="StackExchange.Redis" /></ItemGroup></Project>
                """);
            Write("library/Library.cs", "public class Library { public StackExchange.Redis.RedisKey Key; }");
            Write("program/program.csproj", """
                <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType></PropertyGroup><ItemGroup><ProjectReference Include="../library/library.csproj" /></ItemGroup></Project>
                """);
            Write("program/Program.cs", "System.Console.WriteLine(new Library { Key = \"it runs\" }.Key);");

            var printed = await FeedCopy.RunAsync("dotnet", root.FullName, "run", "--project", "program");
            await FeedCopy.RunAsync("dotnet", root.FullName, "pack", "library", "--output", "packed");

            printed.Should().Contain("it runs");
            using var package = ZipFile.OpenRead(Directory.GetFiles(Path.Combine(root.FullName, "packed")).Single());
            package.Entries.Select(e => e.Name).Where(n => n.EndsWith(".dll", StringComparison.Ordinal)).Should().Equal("library.dll");
            using var nuspec = new StreamReader(package.GetEntry("library.nuspec")!.Open());
            var text = await nuspec.ReadToEndAsync();
            text.Should().Contain("StackExchange.Redis").And.NotContain("Pipelines").And.NotContain("Hashing");
        }
        finally
        {
            root.Delete(recursive: true);
        }

        void Write(string file, string text)
        {
            var path = Path.Combine(root.FullName, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
    }
}
