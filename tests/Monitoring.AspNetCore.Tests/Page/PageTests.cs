using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Monitoring.AspNetCore.Page;

namespace Monitoring.AspNetCore.Tests.Page;

/// <summary>The page and what it loads, as a browser asks for them.</summary>
public sealed partial class PageTests
{
    private const int LargestPage = 120 * 1024;

    [Fact]
    public async Task Anybody_is_served_the_page_and_what_it_names()
    {
        await using var host = await StartAsync();

        using var page = await host.SendAsync(HttpMethod.Get, "/monitoring/");
        var html = await page.Content.ReadAsStringAsync();

        page.StatusCode.Should().Be(HttpStatusCode.OK);
        page.Content.Headers.ContentType!.ToString().Should().Be("text/html; charset=utf-8");
        var names = Link().Matches(html).Select(static match => match.Groups[1].Value).ToArray();
        names.Should().HaveCount(2, "one script and one stylesheet").And.OnlyContain(static name => name.StartsWith("./assets/"));
        foreach (var name in names)
        {
            using var asset = await host.SendAsync(HttpMethod.Get, $"/monitoring/{name[2..]}");
            asset.StatusCode.Should().Be(HttpStatusCode.OK);
            asset.Content.Headers.ContentType!.MediaType.Should().Be(name.EndsWith(".js") ? "text/javascript" : "text/css");
        }
    }

    [Fact]
    public async Task The_policy_allows_the_script_and_the_stylesheet_of_this_answer_and_nothing_inline()
    {
        await using var host = await StartAsync();

        using var first = await host.SendAsync(HttpMethod.Get, "/monitoring/");
        using var second = await host.SendAsync(HttpMethod.Get, "/monitoring/");

        var policy = first.Headers.GetValues("Content-Security-Policy").Should().ContainSingle().Subject;
        var nonce = Regex.Match(policy, "script-src 'nonce-([A-Za-z0-9+/=]{24})';").Groups[1].Value;
        Convert.FromBase64String(nonce).Should().HaveCount(16);
        policy.Should().ContainAll(
            "default-src 'none'", $"style-src 'nonce-{nonce}'", "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'");
        policy.Should().NotContainAny("unsafe", "*");
        second.Headers.GetValues("Content-Security-Policy").Single().Should().NotContain(nonce);

        var html = await first.Content.ReadAsStringAsync();
        html.Should().NotContain("{nonce}").And.NotContain(" style=").And.NotContain("<style").And.NotContain("javascript:");
        Regex.Matches(html, "<script\\b([^>]*)>(.*?)</script>", RegexOptions.Singleline).Should().OnlyContain(script => script.Groups[2].Length == 0 && script.Groups[1].Value.Contains($"nonce=\"{nonce}\""));
        Regex.Matches(html, "<link rel=\"stylesheet\"[^>]*>").Should().OnlyContain(link => link.Value.Contains($"nonce=\"{nonce}\""));
        Regex.IsMatch(html, "\\son[a-z]+=").Should().BeFalse("there are no inline handlers");
        first.Headers.CacheControl!.NoStore.Should().BeTrue();
        first.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
        first.Headers.GetValues("X-Frame-Options").Should().Equal("DENY");
        first.Headers.GetValues("Referrer-Policy").Should().Equal("no-referrer");
    }

    [Theory]
    [InlineData("/monitoring", "./monitoring/")]
    [InlineData("/monitoring?theme=dark", "./monitoring/?theme=dark")]
    [InlineData("/MONITORING", "./MONITORING/")]
    [InlineData("/monitoring?//evil.example", "./monitoring/?//evil.example")]
    public async Task Without_a_slash_the_browser_is_sent_to_the_folder(string path, string location)
    {
        await using var host = await StartAsync();

        using var response = await host.SendAsync(HttpMethod.Get, path);

        response.StatusCode.Should().Be(HttpStatusCode.Found);
        response.Headers.Location!.OriginalString.Should().Be(location);
    }

    [Fact]
    public async Task No_path_makes_the_redirect_lead_elsewhere()
    {
        await using var host = await StartAsync(static app => app.MapMonitoringDashboard("/{tenant}"));

        foreach (var path in new[] { "/https:evil.example", "/%2Fevil.example", "/%5Cevil.example", "/javascript:alert(1)", "/%0d%0aSet-Cookie:a=b" })
        {
            using var response = await host.SendAsync(HttpMethod.Get, path);

            var target = new Uri(new Uri("https://ops.example/a/"), response.Headers.Location!.OriginalString);
            target.GetLeftPart(UriPartial.Authority).Should().Be("https://ops.example", "{0} leads to {1}", path, response.Headers.Location);
            target.AbsolutePath.Should().StartWith("/a/");
            response.Headers.Contains("Set-Cookie").Should().BeFalse();
        }
    }

    public static TheoryData<string, string, string, string> Places => new()
    {
        { "/api/performance", "/monitoring", "/monitoring/", "../api/performance/" },
        { "/api/performance", "/", "/", "./api/performance/" },
        { "/api/performance", "/api/dashboard", "/api/dashboard/", "../performance/" },
        { "", "/monitoring", "/monitoring/", "../" },
        { "/ops/api", "/ops/monitoring", "/ops/monitoring/", "../api/" },
        { "/monitoring/api", "/monitoring", "/monitoring/", "./api/" },
        { "/a b/ü", "/monitoring", "/monitoring/", "../a%20b/%C3%BC/" },
        { "/{tenant}/api", "/{tenant}/monitoring", "/acme/monitoring/", "../api/" },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public async Task The_page_is_told_where_the_API_is_seen_from_itself(string api, string pattern, string path, string expected)
    {
        await using var host = await StartAsync(app => app.MapMonitoringDashboard(pattern), api);

        using var response = await host.SendAsync(HttpMethod.Get, path);

        AddressIn(await response.Content.ReadAsStringAsync()).Should().Be(expected);
    }

    [Fact]
    public async Task The_address_holds_under_a_path_base_and_in_a_group_of_the_host()
    {
        await using var host = await KestrelHost.StartAsync(map: static app =>
        {
            app.UsePathBase("/base");
            app.UseRouting();
            var ops = app.MapGroup("/ops");
            ops.MapMonitoring("/figures");
            ops.MapMonitoringDashboard();
        });

        using var redirect = await host.Client.GetAsync("/base/ops/monitoring");
        var folder = new Uri(new Uri(host.Client.BaseAddress!, "/base/ops/monitoring"), redirect.Headers.Location!);
        var api = new Uri(folder, AddressIn(await host.Client.GetStringAsync(folder)));

        folder.AbsolutePath.Should().Be("/base/ops/monitoring/");
        api.AbsolutePath.Should().Be("/base/ops/figures/");
        (await host.Client.GetAsync(new Uri(api, "session"))).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Of_two_APIs_the_nearer_one_is_taken_and_then_the_first()
    {
        await using var host = await StartAsync(static app =>
        {
            app.MapMonitoring("/ops/api");
            app.MapMonitoringDashboard("/ops/monitoring");
            app.MapMonitoringDashboard("/elsewhere");
        });

        using var near = await host.SendAsync(HttpMethod.Get, "/ops/monitoring/");
        using var far = await host.SendAsync(HttpMethod.Get, "/elsewhere/");

        AddressIn(await near.Content.ReadAsStringAsync()).Should().Be("../api/");
        AddressIn(await far.Content.ReadAsStringAsync()).Should().Be("../api/performance/");
    }

    [Fact]
    public async Task Without_an_API_it_says_what_to_call()
    {
        await using var host = await KestrelHost.StartAsync(map: static app => app.MapMonitoringDashboard());

        using var response = await host.Client.GetAsync("/monitoring/");

        response.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        (await response.Content.ReadAsStringAsync()).Should().Contain("app.MapMonitoring()");
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("identity", null)]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0, gzip;q=0.5", "gzip")]
    [InlineData("*", "br")]
    [InlineData("gzip;q=0, *;q=0", null)]
    [InlineData("br;q=2, , ;;", null)]
    public async Task What_the_page_loads_is_compressed_as_the_browser_accepts_and_kept_for_ever(string? accepted, string? encoding)
    {
        await using var host = await StartAsync();
        foreach (var asset in PageFiles.Built.Assets.Values)
        {
            void Accept(HttpRequestMessage request)
            {
                if (accepted is not null)
                {
                    request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
                }
            }

            using var response = await host.SendAsync(HttpMethod.Get, $"/monitoring/assets/{asset.Name}", change: Accept);
            using var head = await host.SendAsync(HttpMethod.Head, $"/monitoring/assets/{asset.Name}", change: Accept);
            using var again = await host.SendAsync(HttpMethod.Get, $"/monitoring/assets/{asset.Name}", change: request =>
            {
                Accept(request);
                request.Headers.IfNoneMatch.Add(response.Headers.ETag!);
            });

            var body = await response.Content.ReadAsByteArrayAsync();
            string.Concat(response.Content.Headers.ContentEncoding).Should().Be(encoding ?? "");
            Unpack(body, encoding).Should().Equal(asset.Content);
            response.Headers.CacheControl!.ToString().Should().Be("public, max-age=31536000, immutable");
            response.Headers.Vary.Should().Equal("Accept-Encoding");
            response.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
            head.Content.Headers.ContentLength.Should().Be(body.Length);
            (await head.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
            head.Headers.ETag.Should().Be(response.Headers.ETag);
            again.StatusCode.Should().Be(HttpStatusCode.NotModified);
        }
    }

    [Theory]
    [InlineData("unknown.js")]
    [InlineData("..%2findex.html")]
    [InlineData("../index.html")]
    [InlineData("%2e%2e/%2e%2e/appsettings.json")]
    [InlineData("..%5c..%5cappsettings.json")]
    [InlineData("")]
    [InlineData("<script>alert(1)</script>")]
    public async Task Nothing_else_is_there(string name)
    {
        await using var host = await StartAsync();

        using var response = await host.SendAsync(HttpMethod.Get, $"/monitoring/assets/{name}");

        response.StatusCode.Should().BeOneOf(HttpStatusCode.NotFound, HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).Should().NotContain("<script");
    }

    [Fact]
    public void The_page_is_small()
    {
        var files = PageFiles.Built.Assets.Values;

        files.Sum(static asset => asset.For(["gzip"]).Bytes.Length).Should().BeLessThanOrEqualTo(LargestPage);
        files.Should().OnlyContain(static asset => Regex.IsMatch(asset.Name, "^[a-z]+-[A-Za-z0-9_-]{8,}\\.(js|css|svg|woff2)$"), "a name that is kept for ever has a hash of its content");
        PageFiles.Built.Index.Should().Contain("{nonce}");
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("guest", HttpStatusCode.Forbidden)]
    [InlineData("viewer", HttpStatusCode.OK)]
    public async Task Where_the_host_decides_who_may_read_it_decides_who_sees_the_page(string? user, HttpStatusCode expected)
    {
        await using var host = await MonitoringHost.StartAsync(
            new() { ["Monitoring:Api:ReaderPolicy"] = "viewers" }, IPAddress.Parse("203.0.113.9"), HostAuthorizationTests.AddUsers, map: static app => app.MapMonitoringDashboard());

        using var response = await host.SendAsync(HttpMethod.Get, "/monitoring/", change: request =>
        {
            if (user is not null)
            {
                request.Headers.Add("X-User", user);
            }
        });

        response.StatusCode.Should().Be(expected);
    }

    [Fact]
    public async Task Its_requests_are_not_recorded_and_it_is_in_no_document()
    {
        await using var host = await KestrelHost.StartAsync(map: static app =>
        {
            app.UseRequestMonitoring();
            app.MapOpenApi();
            app.MapMonitoring();
            app.MapMonitoringDashboard();
        }, services: static services => Microsoft.Extensions.DependencyInjection.OpenApiServiceCollectionExtensions.AddOpenApi(services));

        await host.Client.GetStringAsync("/monitoring/");
        var theirs = await host.Client.GetStringAsync("/openapi/v1.json");
        var ours = await host.Client.GetStringAsync($"{MonitoringHost.Prefix}/openapi.json");

        theirs.Should().NotContain("assets");
        ours.Should().NotContain("assets/");
        await Eventually.HoldsAsync(() => host.Monitor.Requests.GetSummary(TimeSpan.FromHours(1)).Count == 1, "the host's own document was asked for, and nothing else that counts");
    }

    private static Task<MonitoringHost> StartAsync(Action<WebApplication>? map = null, string api = MonitoringHost.Prefix) =>
        MonitoringHost.StartAsync(MonitoringHost.BothKeys, IPAddress.Parse("203.0.113.9"), prefix: api, map: map ?? (static app => app.MapMonitoringDashboard()));

    private static string AddressIn(string html) =>
        WebUtility.HtmlDecode(Regex.Match(html, "<meta name=\"monitoring-api\" content=\"([^\"]*)\" />").Groups[1].Value);

    private static byte[] Unpack(byte[] bytes, string? encoding)
    {
        using var input = new MemoryStream(bytes);
        using Stream stream = encoding switch
        {
            "br" => new BrotliStream(input, CompressionMode.Decompress),
            "gzip" => new GZipStream(input, CompressionMode.Decompress),
            _ => input,
        };
        using var output = new MemoryStream();
        stream.CopyTo(output);
        return output.ToArray();
    }

    [GeneratedRegex("(?:src|href)=\"(\\./[^\"]+)\"")]
    private static partial Regex Link();
}
