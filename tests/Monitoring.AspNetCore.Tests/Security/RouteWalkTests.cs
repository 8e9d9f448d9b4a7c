using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Monitoring.AspNetCore.Security;
using Monitoring.AspNetCore.Tests.Prometheus;

namespace Monitoring.AspNetCore.Tests.Security;

/// <summary>Every route that is mapped, walked with every kind of caller and with what an attacker would send. A new route is walked without being named here.</summary>
public sealed class RouteWalkTests : IAsyncLifetime
{
    private const string WrongKey = "wrong-key-0123456789";
    private const string Markup = "<script>alert(1)</script>";

    private static readonly string[] Hostile =
    [
        "", " ", new string('a', 20_000), "../../etc/passwd", "..\\..\\windows", "%2e%2e%2f", "\0", "a\u0001\u001b[31mb", "\r\nSet-Cookie: a=b",
        Markup, "\"><img src=x onerror=alert(1)>", "'; DROP TABLE alerts;--", "${jndi:ldap://x}", "{0} %s %n {{7*7}}", "\u202Egnp.exe", "💥", "\uFEFF",
        "-1", "0", "99999999999999999999", "1e999", "NaN", "true", "null", "[]", "00:00:00", "9999999.00:00:00", "https://evil.example/", "(a+)+$",
    ];

    private static readonly string[] Malformed =
    [
        "", " ", "{", "}", "[]", "null", "1", "\"text\"", "{\"note\":}", "{'note':'a'}", "{\"note\":\"a\",}", "{\"note\":\"\\ud800\"}", "{\"\\ud800\":1}", "// {}", "<note/>",
        "{\"note\":\"a\",\"note\":\"b\"}", new string('[', 5000), string.Concat(Enumerable.Repeat("{\"a\":", 200)), "\u0000", "{\"note\":\"\u0000\"}", "{} {}",
    ];

    private MonitoringHost _host = null!;
    private Dictionary<string, string[]> _documented = null!;

    public async Task InitializeAsync()
    {
        _host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys, IPAddress.Loopback);
        await BusyService.WorkAsync(_host.Monitor, _host.Clock);
        var (_, document) = await _host.AskAsync("openapi.json");
        _documented = (from path in document.GetProperty("paths").EnumerateObject()
                       from operation in path.Value.EnumerateObject()
                       select (Name: $"{operation.Name.ToUpperInvariant()} {path.Name}", Statuses: operation.Value.GetProperty("responses").EnumerateObject().Select(answer => answer.Name).ToArray()))
            .ToDictionary(operation => operation.Name, operation => operation.Statuses);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public void Every_route_says_whom_it_is_for_and_every_change_is_for_admins()
    {
        var routes = Route.Of(_host);

        routes.Should().HaveCountGreaterThan(20);
        routes.Where(route => !route.Endpoint.Metadata.OfType<ApiRole>().Any()).Should().BeEmpty();
        routes.Where(route => route.IsForAdmins != (route.Method != HttpMethod.Get)).Should().BeEmpty();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(WrongKey)]
    [InlineData("reader-key-012345678")]
    [InlineData("READER-KEY-0123456789")]
    public async Task Without_a_right_key_every_route_is_closed(string? key)
    {
        foreach (var route in Route.Of(_host))
        {
            foreach (var asBearer in new[] { false, true })
            {
                using var response = await SendAsync(route, route.PathWith("unknown"), key, route.EmptyBody, asBearer);

                response.StatusCode.Should().Be(HttpStatusCode.Unauthorized, "{0} with {1}", route, key);
                response.Headers.WwwAuthenticate.Should().ContainSingle().Which.Scheme.Should().Be("Bearer");
            }
        }
    }

    [Fact]
    public async Task A_reader_reads_everything_and_changes_nothing()
    {
        foreach (var route in Route.Of(_host))
        {
            foreach (var asBearer in new[] { false, true })
            {
                using var response = await SendAsync(route, route.PathWith("unknown"), MonitoringHost.ReaderKey, route.EmptyBody, asBearer);

                if (route.IsForAdmins)
                {
                    response.StatusCode.Should().Be(HttpStatusCode.Forbidden, "{0} is a change", route);
                }
                else
                {
                    response.StatusCode.Should().BeOneOf([HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.ServiceUnavailable], "{0} is for readers", route);
                }
            }
        }

        _host.Monitor.Audit.GetEntries().Should().BeEmpty();
    }

    [Fact]
    public async Task An_admin_is_let_in_everywhere()
    {
        foreach (var route in Route.Of(_host))
        {
            foreach (var asBearer in new[] { false, true })
            {
                using var response = await SendAsync(route, route.PathWith("unknown"), MonitoringHost.AdminKey, route.EmptyBody, asBearer);

                response.StatusCode.Should().NotBe(HttpStatusCode.Unauthorized, "{0}", route).And.NotBe(HttpStatusCode.Forbidden, "{0}", route);
                if (route.Path.Contains('{'))
                {
                    response.StatusCode.Should().BeOneOf([HttpStatusCode.NotFound, HttpStatusCode.BadRequest], "nothing is called unknown: {0}", route);
                }
            }
        }
    }

    [Fact]
    public async Task Hostile_text_in_every_path_and_query_parameter_is_refused_or_taken_as_text()
    {
        foreach (var route in Route.Of(_host))
        {
            foreach (var hostile in Hostile)
            {
                // An empty part of a path is another path; a null character is refused by Kestrel before anybody sees it, and the test server throws.
                if (route.Path.Contains('{') && hostile.Length is > 0 and < 5000 && !hostile.Contains('\0'))
                {
                    using var inPath = await SendAsync(route, route.PathWith(Uri.EscapeDataString(hostile)), MonitoringHost.AdminKey, route.EmptyBody);
                }

                foreach (var name in route.Query.Select(static query => query.Name).Concat(["window", "limit", "cursor", "unknown"]).Distinct())
                {
                    using var inQuery = await SendAsync(route, $"{route.PathWith("unknown")}?{name}={Uri.EscapeDataString(hostile)}", MonitoringHost.AdminKey, route.EmptyBody);
                }
            }

            using var often = await SendAsync(route, $"{route.PathWith("unknown")}?{string.Join('&', Enumerable.Range(0, 500).Select(static i => $"window={i}&limit={i}"))}", MonitoringHost.AdminKey, route.EmptyBody);
        }
    }

    [Fact]
    public async Task Hostile_values_in_every_field_of_every_body_are_refused_or_taken_as_text()
    {
        JsonNode?[] others = [JsonValue.Create(1), JsonValue.Create(-1.5e300), JsonValue.Create(true), null, new JsonArray(), new JsonArray(null, 1, "a"), new JsonObject(), new JsonObject { ["a"] = null }];
        foreach (var route in Route.Of(_host).Where(static route => route.Body is not null))
        {
            foreach (var value in Hostile.Select(static text => (JsonNode?)JsonValue.Create(text)).Concat(others))
            {
                foreach (var body in route.BodiesWith(() => value?.DeepClone()))
                {
                    using var response = await SendAsync(route, route.PathWith("unknown"), MonitoringHost.AdminKey, body);
                }
            }
        }
    }

    [Fact]
    public async Task Malformed_and_huge_bodies_are_refused_by_every_route_that_reads_one()
    {
        foreach (var route in Route.Of(_host))
        {
            foreach (var body in Malformed)
            {
                using var response = await SendAsync(route, route.PathWith("unknown"), MonitoringHost.AdminKey, body);
            }

            using var huge = await SendAsync(route, route.PathWith("unknown"), MonitoringHost.AdminKey, $"{{\"note\":\"{new string('a', ApiGate.LongestBody)}\"}}");
            huge.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge, "{0}", route);
            using var stranger = await SendAsync(route, route.PathWith("unknown"), key: null, $"{{\"note\":\"{new string('a', ApiGate.LongestBody)}\"}}");
            stranger.StatusCode.Should().Be(HttpStatusCode.Unauthorized, "{0}", route);
        }
    }

    [Fact]
    public async Task No_route_sends_anybody_elsewhere_or_lets_another_site_read()
    {
        foreach (var route in Route.Of(_host))
        {
            using var response = await SendAsync(route, $"{route.PathWith("unknown")}?returnUrl=https://evil.example/&redirect=//evil.example", MonitoringHost.AdminKey, route.EmptyBody, change: request =>
            {
                request.Headers.Add("Origin", "https://evil.example");
                request.Headers.Add("X-Forwarded-Host", "evil.example");
                request.Headers.Add("X-Original-URL", "https://evil.example/");
            });

            response.Headers.Location.Should().BeNull();
            response.Headers.Should().NotContain(header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
        }

        using var preflight = await _host.SendAsync(HttpMethod.Options, "config", change: request =>
        {
            request.Headers.Add("Origin", "https://evil.example");
            request.Headers.Add("Access-Control-Request-Method", "PUT");
        });
        preflight.StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
        preflight.Headers.Should().NotContain(header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    private async Task<HttpResponseMessage> SendAsync(Route route, string path, string? key, string? body, bool asBearer = false, Action<HttpRequestMessage>? change = null)
    {
        var response = await _host.SendAsync(route.Method, path, asBearer ? null : key, body, request =>
        {
            if (asBearer && !string.IsNullOrEmpty(key))
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            }

            change?.Invoke(request);
        });
        await ShouldBeDocumentedAndSafeAsync(route, response, $"{path} {body}");
        return response;
    }

    private async Task ShouldBeDocumentedAndSafeAsync(Route route, HttpResponseMessage response, string sent)
    {
        var why = $"{route} was sent {sent[..Math.Min(sent.Length, 200)]}";
        var text = await response.Content.ReadAsStringAsync();
        var status = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        _documented[$"{route.Method} {MonitoringHost.Prefix}/{route.Path}"].Should().Contain(status, "{0} and answered {1}", why, text);
        status.Should().NotBe("500", "{0}", why);

        // The report is a page: its own script is in it, which its policy names by hash; nothing that was sent may be.
        var isPage = response.Content.Headers.ContentType?.MediaType == "text/html";
        text.Should().NotContainAny("   at ", isPage ? Markup : "<script", "<img", MonitoringHost.AdminKey, MonitoringHost.ReaderKey);
        if (!response.IsSuccessStatusCode)
        {
            text.Should().NotContain("Exception", why);
        }

        var headers = response.Headers;
        headers.CacheControl!.NoStore.Should().BeTrue(why);
        headers.GetValues("Content-Security-Policy").Should().ContainSingle().Which.Should().Match(isPage ? "default-src 'none'; script-src 'sha256-*; frame-ancestors 'none'" : "default-src 'none'; frame-ancestors 'none'");
        headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
        headers.GetValues("X-Frame-Options").Should().Equal("DENY");
        headers.GetValues("Referrer-Policy").Should().Equal("no-referrer");
        headers.Contains("Set-Cookie").Should().BeFalse(why);
        var type = response.Content.Headers.ContentType?.MediaType;
        if ((int)response.StatusCode >= 400 && response.StatusCode != HttpStatusCode.ServiceUnavailable)
        {
            type.Should().Be("application/problem+json", why);
        }

        if (type is "application/json" or "application/problem+json")
        {
            var parse = () => JsonDocument.Parse(text).Dispose();
            parse.Should().NotThrow(why);
        }
    }
}
