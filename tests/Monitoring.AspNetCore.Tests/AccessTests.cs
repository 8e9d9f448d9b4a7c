using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Monitoring.AspNetCore.Tests;

/// <summary>Every mapped route, walked with every kind of caller.</summary>
public sealed partial class AccessTests
{
    private const string WrongKey = "wrong-key-0123456789";

    private static readonly string[] HostileKeys =
    [
        "%00", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "%27%3B--", "%0d%0aSet-Cookie:%20a=b",
        "${jndi:ldap:%2F%2Fx}", "%F0%9F%92%A5", new string('a', 4000), "REDIS-FAILURE-RATE", "..",
    ];

    [Fact]
    public async Task Every_route_is_known_to_these_tests()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);

        Routes(host).Should().BeEquivalentTo(
            [
                "GET webhook-timing", "GET redis-operations", "GET redis-servers", "GET task-queue", "GET admission", "GET circuit-breakers", "GET metrics/slow-queries", "GET alerts",
                "GET health", "GET health/live", "POST alerts/{key}/resolve", "POST alerts/{key}/acknowledge", "GET alerts/{key}", "GET alerts/rules",
                "GET silences", "GET silences/{id}", "POST silences", "PUT silences/{id}", "DELETE silences/{id}",
                "GET notifiers", "POST notifiers/{name}/test", "GET audit",
                "GET tasks/dead-letters", "POST tasks/pause", "POST tasks/resume", "POST tasks/redrive",
                "GET prometheus", "GET prometheus/rules", "GET prometheus/dashboard",
            ]);
    }

    [Theory]
    [InlineData(null, 401, 401)]
    [InlineData("", 401, 401)]
    [InlineData(WrongKey, 401, 401)]
    [InlineData("reader-key-012345678", 401, 401)]
    [InlineData("READER-KEY-0123456789", 401, 401)]
    [InlineData(MonitoringHost.ReaderKey, 200, 403)]
    [InlineData(MonitoringHost.AdminKey, 200, 404)]
    public async Task A_key_opens_what_it_is_for(string? key, int reading, int changing)
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys, IPAddress.Loopback);

        foreach (var route in Routes(host))
        {
            var method = new HttpMethod(route.Split(' ')[0]);
            var path = Path(route, "unknown");
            using var byHeader = await host.SendAsync(method, path, key, Body(method));
            using var asBearer = await host.SendAsync(method, path, key: null, Body(method), request =>
            {
                if (!string.IsNullOrEmpty(key))
                {
                    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
                }
            });

            var expected = (HttpStatusCode)(method == HttpMethod.Get ? reading : changing) switch
            {
                // What is asked for is not there, or the body says nothing.
                HttpStatusCode.OK when route.Contains('{', StringComparison.Ordinal) => HttpStatusCode.NotFound,
                HttpStatusCode.NotFound when route == "POST silences" => HttpStatusCode.BadRequest,
                var code => code,
            };
            byHeader.StatusCode.Should().Be(expected, "{0} with X-Api-Key", route);
            asBearer.StatusCode.Should().Be(expected, "{0} as Bearer", route);
            await ShouldBeSafeAsync(byHeader);
        }
    }

    [Fact]
    public async Task Hostile_input_is_refused_without_an_error_of_ours()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys, IPAddress.Loopback);

        foreach (var hostile in HostileKeys)
        {
            foreach (var route in Routes(host))
            {
                var method = new HttpMethod(route.Split(' ')[0]);

                // A null character in a path is refused by Kestrel before anybody sees it; the test server throws instead.
                var key = hostile == "%00" ? "unknown" : hostile;
                var path = Path(route, key) + $"?window={hostile}&limit={hostile}&cursor={hostile}&severity={hostile}&state={hostile}&q={hostile}";
                using var response = await host.SendAsync(method, path, MonitoringHost.AdminKey, Body(method));

                ((int)response.StatusCode).Should().BeInRange(200, 499, "{0} with {1}", route, hostile);
                await ShouldBeSafeAsync(response);
            }
        }
    }

    [Fact]
    public async Task Credentials_that_are_not_one_key_are_none()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys, IPAddress.Loopback);
        Action<HttpRequestMessage>[] attempts =
        [
            request => request.Headers.Add("X-Api-Key", [MonitoringHost.AdminKey, MonitoringHost.AdminKey]),
            request => request.Headers.TryAddWithoutValidation("Authorization", MonitoringHost.AdminKey),
            request => request.Headers.TryAddWithoutValidation("Authorization", $"Basic {MonitoringHost.AdminKey}"),
            request => request.Headers.TryAddWithoutValidation("Authorization", "Bearer "),
            request => request.Headers.Add("Cookie", $"X-Api-Key={MonitoringHost.AdminKey}"),
        ];

        foreach (var attempt in attempts)
        {
            using var response = await host.SendAsync(HttpMethod.Get, "alerts", change: attempt);

            response.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
            response.Headers.WwwAuthenticate.Should().ContainSingle().Which.Scheme.Should().Be("Bearer");
        }

        using var inTheAddress = await host.GetAsync($"alerts?key={MonitoringHost.AdminKey}&X-Api-Key={MonitoringHost.AdminKey}");
        inTheAddress.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_admin_key_alone_does_not_leave_reading_open()
    {
        await using var host = await MonitoringHost.StartAsync(new() { ["Monitoring:Api:AdminKey"] = MonitoringHost.AdminKey }, IPAddress.Loopback);

        (await host.GetAsync("alerts")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await host.GetAsync("alerts", MonitoringHost.AdminKey)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Refused_changes_are_logged_without_the_key()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);

        await host.ResolveAsync("unknown", WrongKey);
        await host.ResolveAsync("unknown", MonitoringHost.ReaderKey);

        host.Log.Entries.Where(entry => entry.EventId == 1501).Should().HaveCount(2);
        host.Log.Entries.Should().NotContain(entry => entry.Message.Contains(WrongKey, StringComparison.Ordinal));
        host.Log.Entries.Should().NotContain(entry => entry.Message.Contains(MonitoringHost.ReaderKey, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Routes(MonitoringHost host) =>
        from endpoint in host.Endpoints
        let method = endpoint.Metadata.OfType<Microsoft.AspNetCore.Routing.IHttpMethodMetadata>().Single().HttpMethods.Single()
        select $"{method} {endpoint.RoutePattern.RawText![(MonitoringHost.Prefix.Length + 1)..]}";

    private static string Path(string route, string key) => Placeholder().Replace(route.Split(' ')[1], key.Replace("$", "$$", StringComparison.Ordinal));

    private static string? Body(HttpMethod method) => method == HttpMethod.Post || method == HttpMethod.Put ? "{}" : null;

    private static async Task ShouldBeSafeAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        body.Should().NotContainAny("Exception", "   at ", "<script", MonitoringHost.AdminKey);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.BadRequest)
        {
            response.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
            response.Headers.CacheControl!.NoStore.Should().BeTrue();
        }
    }

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Placeholder();
}
