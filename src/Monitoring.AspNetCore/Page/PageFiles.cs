using System.Collections.Frozen;
using System.Text;

namespace Monitoring.AspNetCore.Page;

/// <summary>The dashboard's page as it was built: <c>index.html</c>, and one script and one stylesheet that it names. Immutable.</summary>
internal sealed class PageFiles
{
    private const string Folder = "dashboard/";
    private const string AssetFolder = "assets/";

    private static readonly Lazy<PageFiles> Lazy = new(static () => new PageFiles());

    private PageFiles()
    {
        var assembly = typeof(PageFiles).Assembly;
        var names = assembly.GetManifestResourceNames().Where(static name => name.StartsWith(Folder, StringComparison.Ordinal)).ToArray();
        Index = Encoding.UTF8.GetString(Read($"{Folder}index.html"));
        Assets = names.Where(static name => name.StartsWith(Folder + AssetFolder, StringComparison.Ordinal))
            .Select(name => new PageAsset(name[(Folder + AssetFolder).Length..], Read(name)))
            .ToFrozenDictionary(static asset => asset.Name, StringComparer.Ordinal);

        byte[] Read(string name)
        {
            using var stream = assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The dashboard was not built into this assembly: {name} is missing.");
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
    }

    /// <summary>What is embedded; read when it is first asked for.</summary>
    public static PageFiles Built => Lazy.Value;

    /// <summary>The page; <c>{nonce}</c> stands where a nonce belongs.</summary>
    public string Index { get; }

    /// <summary>What it loads, by file name.</summary>
    public FrozenDictionary<string, PageAsset> Assets { get; }
}
