using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Monitoring.AspNetCore.Page;

/// <summary>A file that the page loads. Its name has a hash of its content, so it never changes. Compressed when it is first asked for, and kept. Thread-safe.</summary>
internal sealed class PageAsset
{
    // As good as the best for a page of this size, and a fraction of its time: somebody waits for it.
    private const int BrotliQuality = 8;

    private readonly Lazy<Encoded> _plain;
    private readonly Lazy<Encoded> _gzip;
    private readonly Lazy<Encoded> _brotli;

    public PageAsset(string name, byte[] content)
    {
        Name = name;
        Content = content;
        var hash = Convert.ToHexStringLower(SHA256.HashData(content))[..16];
        _plain = new(() => new(null, content, Tag("")));
        _gzip = new(() => new("gzip", Compress(content, static output => new GZipStream(output, CompressionLevel.SmallestSize, leaveOpen: true)), Tag("-gzip")));
        _brotli = new(() => new("br", Compress(content, static output => new BrotliStream(output, new BrotliCompressionOptions { Quality = BrotliQuality }, leaveOpen: true)), Tag("-br")));

        EntityTagHeaderValue Tag(string encoding) => new($"\"{hash}{encoding}\"");
    }

    public string Name { get; }

    public byte[] Content { get; }

    public string MediaType => Path.GetExtension(Name) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".woff2" => "font/woff2",
        _ => "application/octet-stream",
    };

    /// <summary>What a client is sent: the best encoding that it accepts (RFC 9110, 12.5.3).</summary>
    /// <param name="accepted">The header <c>Accept-Encoding</c>.</param>
    public Encoded For(IList<string> accepted)
    {
        var known = StringWithQualityHeaderValue.TryParseList(accepted, out var parsed) ? parsed : [];
        return Accepts("br") ? _brotli.Value : Accepts("gzip") ? _gzip.Value : _plain.Value;

        bool Accepts(string encoding) =>
            (known.FirstOrDefault(value => value.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase)) ?? known.FirstOrDefault(static value => value.Value == "*")) is { } found && found.Quality is not 0;
    }

    private static byte[] Compress(byte[] content, Func<Stream, Stream> wrap)
    {
        using var output = new MemoryStream();
        using (var stream = wrap(output))
        {
            stream.Write(content);
        }

        return output.ToArray();
    }

    /// <summary>The file in one encoding.</summary>
    /// <param name="Encoding">Its name; null for the file itself.</param>
    /// <param name="Bytes">What is sent.</param>
    /// <param name="Tag">The entity tag of these bytes.</param>
    public sealed record Encoded(string? Encoding, byte[] Bytes, EntityTagHeaderValue Tag);
}
