using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Monitoring.AspNetCore.Page;

/// <summary>
/// The page as one file that needs no server: script and stylesheet are in it, allowed by their hashes, and so is the data, as a block that no browser
/// runs. Immutable.
/// </summary>
internal sealed partial class ReportPage
{
    private static readonly Lazy<ReportPage> Lazy = new(static () => new ReportPage(PageFiles.Built));

    private readonly string _before;
    private readonly string _after;

    public ReportPage(PageFiles files)
        : this(files.Index, Of(files, ".js"), Of(files, ".css"))
    {
    }

    public ReportPage(string index, string script, string stylesheet)
    {
        script = EscapeScript(script.ReplaceLineEndings("\n"));
        stylesheet = EscapeStyle(stylesheet.ReplaceLineEndings("\n"));

        // frame-ancestors has no effect in a document, where the rest has to stand too: the file is opened without our headers.
        var policy = $"default-src 'none'; script-src {Hash(script)}; style-src {Hash(stylesheet)}; img-src data:; font-src data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
        Policy = $"{policy}; frame-ancestors 'none'";

        // Replaced by functions: a "$1" in the page is no reference to anything.
        var html = Served().Replace(index, "");
        html = Charset().Replace(html, found => $"{found.Value}\n    <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\" />", 1);
        html = Script().Replace(html, _ => $"<script type=\"module\">{script}</script>", 1);
        html = Stylesheet().Replace(html, _ => $"<style>{stylesheet}</style>", 1);
        var body = html.IndexOf("<body>", StringComparison.Ordinal) + "<body>".Length;
        _before = $"{html[..body]}\n    <script type=\"application/json\" id=\"report\">";
        _after = $"</script>{html[body..]}";
    }

    /// <summary>That of what was built.</summary>
    public static ReportPage Built => Lazy.Value;

    /// <summary>Its Content-Security-Policy, as a header.</summary>
    public string Policy { get; }

    /// <summary>The file.</summary>
    /// <param name="json">What it shows. In JSON a <c>&lt;</c> is only in strings, where it may be written as an escape.</param>
    public byte[] With(string json) =>
        Encoding.UTF8.GetBytes($"{_before}{json.Replace("<", "\\u003c", StringComparison.Ordinal)}{_after}");

    // What would end the element, or begin a comment within it (HTML, "Restrictions for contents of script elements"). Such a "<" can only be in a
    // string or a regular expression, both of which know the escape.
    private static string EscapeScript(string script) => EndOrComment().Replace(script, "\\x3c");

    // A reverse solidus in front of a solidus is the solidus itself (CSS Syntax, 4.3.7).
    private static string EscapeStyle(string stylesheet) => EndOfStyle().Replace(stylesheet, "<\\/");

    private static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    private static string Of(PageFiles files, string extension) =>
        Encoding.UTF8.GetString(files.Assets.Values.Single(asset => asset.Name.EndsWith(extension, StringComparison.Ordinal)).Content);

    // What the server tells the page, which has none.
    [GeneratedRegex("""[ \t]*<meta (?:name="monitoring-api"|property="csp-nonce")[^>]*>\r?\n?""")]
    private static partial Regex Served();

    [GeneratedRegex("<meta charset=[^>]*>")]
    private static partial Regex Charset();

    [GeneratedRegex("""<script type="module"[^>]*></script>""")]
    private static partial Regex Script();

    [GeneratedRegex("""<link rel="stylesheet"[^>]*>""")]
    private static partial Regex Stylesheet();

    [GeneratedRegex("<(?=/script|script|!--)", RegexOptions.IgnoreCase)]
    private static partial Regex EndOrComment();

    [GeneratedRegex("</(?=style)", RegexOptions.IgnoreCase)]
    private static partial Regex EndOfStyle();
}
