using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Monitoring.AspNetCore.Tests;

public sealed class HostAuthorizationTests
{
    private static readonly Dictionary<string, string?> Policies = new()
    {
        ["Monitoring:Api:ReaderPolicy"] = "viewers",
        ["Monitoring:Api:AdminPolicy"] = "operators",
    };

    [Theory]
    [InlineData(null, 401, 401)]
    [InlineData("guest", 403, 403)]
    [InlineData("viewer", 200, 403)]
    [InlineData("operator", 200, 404)]
    public async Task The_hosts_policies_decide_in_place_of_keys(string? user, int reading, int changing)
    {
        await using var host = await StartAsync(Policies);

        (await SendAsync(host, HttpMethod.Get, "alerts", user)).Should().Be((HttpStatusCode)reading);
        (await SendAsync(host, HttpMethod.Post, "alerts/unknown/resolve", user)).Should().Be((HttpStatusCode)changing);
    }

    [Theory]
    [InlineData(null, 401, 401)]
    [InlineData("viewer", 200, 403)]
    [InlineData("operator", 200, 403)]
    public async Task A_policy_on_the_group_makes_readers_only(string? user, int reading, int changing)
    {
        await using var host = await StartAsync([], group => group.RequireAuthorization("viewers"));

        (await SendAsync(host, HttpMethod.Get, "alerts", user)).Should().Be((HttpStatusCode)reading);
        (await SendAsync(host, HttpMethod.Post, "alerts/unknown/resolve", user)).Should().Be((HttpStatusCode)changing);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("viewer")]
    [InlineData("operator")]
    public async Task Allowing_anonymous_callers_opens_nothing(string? user)
    {
        await using var host = await StartAsync(Policies, group => group.AllowAnonymous());

        (await SendAsync(host, HttpMethod.Get, "alerts", user)).Should().Be(HttpStatusCode.Unauthorized);
        (await SendAsync(host, HttpMethod.Post, "alerts/unknown/resolve", user)).Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Who_resolved_is_the_user_of_the_host()
    {
        await using var host = await StartAsync(Policies);
        var key = host.FireAlert();

        (await SendAsync(host, HttpMethod.Post, $"alerts/{key}/resolve", "operator")).Should().Be(HttpStatusCode.OK);

        host.Monitor.Alerts.GetResolved()[0].ResolvedBy.Should().Be("operator");
    }

    [Fact]
    public async Task A_change_on_the_hosts_authority_has_to_be_json_so_that_another_site_cannot_make_it()
    {
        await using var host = await StartAsync(Policies);

        (await SendAsync(host, HttpMethod.Post, "alerts/unknown/resolve", "operator", body: null)).Should().Be(HttpStatusCode.UnsupportedMediaType);
    }

    private static Task<MonitoringHost> StartAsync(Dictionary<string, string?> settings, Action<RouteGroupBuilder>? group = null) =>
        MonitoringHost.StartAsync(settings, IPAddress.Parse("203.0.113.9"), AddUsers, group);

    private static async Task<HttpStatusCode> SendAsync(MonitoringHost host, HttpMethod method, string path, string? user, string? body = "{}")
    {
        using var response = await host.SendAsync(method, path, key: null, method == HttpMethod.Post ? body : null, request =>
        {
            if (user is not null)
            {
                request.Headers.Add(UserByHeader.Header, user);
            }
        });
        return response.StatusCode;
    }

    internal static void AddUsers(IServiceCollection services)
    {
        services.AddAuthentication("header").AddScheme<AuthenticationSchemeOptions, UserByHeader>("header", null);
        services.AddAuthorizationBuilder()
            .AddPolicy("viewers", policy => policy.RequireRole("viewer", "operator"))
            .AddPolicy("operators", policy => policy.RequireRole("operator"));
    }

    private sealed class UserByHeader(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        public const string Header = "X-User";

        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Headers[Header] is not [{ } user])
            {
                return Task.FromResult(AuthenticateResult.NoResult());
            }

            var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, user), new Claim(ClaimTypes.Role, user)], Scheme.Name);
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name)));
        }
    }
}
