using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace StandIns.Tests.Feed;

/// <summary>A copy of the feed folder in a place of its own, whose only package source is a folder beside it.</summary>
internal sealed class FeedCopy : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("standins-feed-");

    public FeedCopy()
    {
        Directory.CreateDirectory(Source);
        File.WriteAllText(
            Path.Combine(_root.FullName, "NuGet.config"),
            """<configuration><packageSources><clear /><add key="only" value="source" /></packageSources></configuration>""");
        foreach (var file in new[] { "ensure", "Feed.props", "Directory.Build.props", "Directory.Packages.props" })
            Copy(file);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Original, "src"), "*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(Original, file);
            if (!relative.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
                Copy(relative);
        }
    }

    /// <summary>The folder that the tests belong to.</summary>
    public static string Original { get; } = Path.GetFullPath(Path.Combine(SourceFolder(), "..", ".."));

    public string Folder => Path.Combine(_root.FullName, "eng", "feed");

    public string Packages => Path.Combine(Folder, "packages");

    private string Source => Path.Combine(_root.FullName, "source");

    /// <summary>The versions of a stand-in that are in place.</summary>
    public string[] VersionsOf(string id)
    {
        var folder = Path.Combine(Packages, id.ToLowerInvariant());
        return Directory.Exists(folder) ? [.. Directory.GetDirectories(folder).Select(d => Path.GetFileName(d)!)] : [];
    }

    /// <summary>Puts a package without content into the copy's source.</summary>
    public void Offer(string id, string version)
    {
        using var package = ZipFile.Open(Path.Combine(Source, $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        using (var nuspec = new StreamWriter(package.CreateEntry($"{id}.nuspec").Open()))
        {
            nuspec.Write($"""
                <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
                  <metadata><id>{id}</id><version>{version}</version><authors>test</authors><description>test</description></metadata>
                </package>
                """);
        }

        package.CreateEntry("lib/net10.0/_._");
    }

    public Task<string> EnsureAsync(params string[] arguments) => RunAsync(Path.Combine(Folder, "ensure"), Folder, arguments);

    /// <summary>Runs a program and returns what it printed; throws if it fails.</summary>
    public static async Task<string> RunAsync(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // A build node that stayed behind would keep our pipes open, and a temporary folder busy.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        var printed = await output + await errors;
        return process.ExitCode == 0 ? printed : throw new InvalidOperationException($"{program} failed: {printed}");
    }

    public void Dispose() => _root.Delete(recursive: true);

    private static string SourceFolder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private void Copy(string relative)
    {
        var to = Path.Combine(Folder, relative);
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(Path.Combine(Original, relative), to);
    }
}
