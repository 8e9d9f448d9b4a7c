using System.Net;
using Microsoft.AspNetCore.Http;

namespace Monitoring.AspNetCore.Tests.Security;

/// <summary>Limits are of a minute of the machine's own clock, so these tests ask for no more than fits into one.</summary>
public sealed class RateLimitTests
{
    private const string WrongKey = "wrong-key-0123456789";

    [Fact]
    public async Task A_reader_who_asks_too_often_is_told_to_wait_and_others_are_not()
    {
        await using var host = await StartAsync(reads: 3);

        for (var i = 0; i < 3; i++)
        {
            (await host.GetAsync("alerts", MonitoringHost.ReaderKey)).StatusCode.Should().Be(HttpStatusCode.OK);
        }

        using var refused = await host.GetAsync("health", MonitoringHost.ReaderKey);
        refused.StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta.Should().BePositive().And.BeLessThanOrEqualTo(TimeSpan.FromMinutes(1));
        refused.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        refused.Headers.GetValues("Content-Security-Policy").Should().ContainSingle();

        (await host.GetAsync("alerts", MonitoringHost.AdminKey)).StatusCode.Should().Be(HttpStatusCode.OK, "another key has a limit of its own");
    }

    [Fact]
    public async Task Changes_have_a_limit_of_their_own()
    {
        await using var host = await StartAsync(reads: 100, changes: 2);

        (await host.ResolveAsync("unknown")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await host.ResolveAsync("unknown")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await host.ResolveAsync("unknown")).StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        (await host.GetAsync("alerts", MonitoringHost.AdminKey)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task After_too_many_wrong_keys_from_an_address_not_even_the_right_one_is_looked_at()
    {
        await using var host = await StartAsync(failed: 3);

        for (var i = 0; i < 3; i++)
        {
            (await host.GetAsync("alerts", WrongKey)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        }

        (await host.GetAsync("alerts", WrongKey)).StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        (await host.GetAsync("alerts", MonitoringHost.ReaderKey)).StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        (await host.GetAsync("alerts")).StatusCode.Should().Be(HttpStatusCode.Unauthorized, "who brings no key tries none");
    }

    [Fact]
    public async Task Another_address_is_not_held_responsible()
    {
        var caller = IPAddress.Parse("203.0.113.9");
        await using var host = await StartAsync(failed: 1, caller: () => caller);
        (await host.GetAsync("alerts", WrongKey)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await host.GetAsync("alerts", MonitoringHost.ReaderKey)).StatusCode.Should().Be(HttpStatusCode.TooManyRequests);

        // Addresses share buckets: of a few others at least one is in another.
        var answers = new List<HttpStatusCode>();
        foreach (var last in Enumerable.Range(10, 5))
        {
            caller = IPAddress.Parse($"203.0.113.{last}");
            answers.Add((await host.GetAsync("alerts", MonitoringHost.ReaderKey)).StatusCode);
        }

        answers.Should().Contain(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Without_a_key_an_address_has_the_limit()
    {
        await using var host = await StartAsync(reads: 2);

        (await host.GetAsync("alerts")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await host.GetAsync("alerts")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await host.GetAsync("alerts")).StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        (await host.GetAsync("alerts", MonitoringHost.ReaderKey)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public void All_of_an_ipv6_network_is_one_caller_and_buckets_are_bounded()
    {
        static int Caller(string address)
        {
            var context = new DefaultHttpContext();
            context.Connection.RemoteIpAddress = IPAddress.Parse(address);
            return AspNetCore.Security.ApiLimits.AddressOf(context);
        }

        Caller("2001:db8:1:2::1").Should().Be(Caller("2001:db8:1:2:ffff::9"));
        Caller("::ffff:203.0.113.9").Should().Be(Caller("203.0.113.9"));
        var callers = Enumerable.Range(0, 20_000).Select(i => Caller($"10.{i / 65536}.{i / 256 % 256}.{i % 256}")).ToList();
        callers.Should().OnlyContain(caller => caller >= 1 && caller <= 4096);
        callers.Distinct().Should().HaveCountGreaterThan(3000);
    }

    private static Task<MonitoringHost> StartAsync(int reads = 0, int changes = 0, int failed = 0, Func<IPAddress>? caller = null)
    {
        var settings = MonitoringHost.BothKeys;
        settings["Monitoring:Api:ReadsPerMinute"] = $"{reads}";
        settings["Monitoring:Api:ChangesPerMinute"] = $"{changes}";
        settings["Monitoring:Api:FailedKeysPerMinute"] = $"{failed}";
        return MonitoringHost.StartAsync(settings, callers: caller ?? (static () => IPAddress.Parse("203.0.113.9")));
    }
}
