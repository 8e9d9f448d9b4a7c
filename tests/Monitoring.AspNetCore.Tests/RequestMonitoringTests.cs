using System.Diagnostics;
using System.Net;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Monitoring.AspNetCore.Requests;
using Monitoring.Requests;
using Monitoring.TestSupport;

namespace Monitoring.AspNetCore.Tests;

public sealed class RequestMonitoringTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_request_is_recorded_by_route_template_and_method()
    {
        await using var app = await StartAsync();

        await app.GetAsync("/orders/17");
        await app.GetAsync("/orders/18?secret=1");
        await app.SendAsync(new HttpMethod("post"), "/orders/18");
        await app.GetAsync("/nowhere/at/all");
        await app.SendAsync(new HttpMethod("FOO"), "/nowhere/else");

        var summary = await app.SummaryAsync(5);
        summary.Endpoints.Select(endpoint => (endpoint.Name, endpoint.Count)).Should().BeEquivalentTo(
            [("GET /orders/{id}", 2L), ("POST /orders/{id}", 1L), ("GET (unmatched)", 1L), ("_OTHER (unmatched)", 1L)]);
        summary.StatusClasses.Should().Be(new StatusClassCounts(0, 3, 0, 2, 0));
        (summary.Failures, summary.InFlight).Should().Be((0, 0));
    }

    [Theory]
    [InlineData("/throws/now")]
    [InlineData("/throws/later")]
    public async Task An_exception_passes_by_untouched_and_is_a_failure(string path)
    {
        await using var app = await StartAsync();

        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => app.GetAsync(path));

        thrown.GetBaseException().Message.Should().Be("no luck");
        var endpoint = (await app.SummaryAsync(1)).Endpoints.Single();
        (endpoint.Name, endpoint.Failures, endpoint.StatusClasses.Status5xx, endpoint.InFlight).Should().Be(($"GET {path}", 1, 1, 0));
    }

    [Fact]
    public async Task On_a_real_server_the_status_is_what_the_client_got()
    {
        await using var app = await StartAsync(kestrel: true);
        using var gone = new CancellationTokenSource();

        (await app.GetAsync("/orders/1")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await app.GetAsync("/throws/now")).StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        (await app.GetAsync("/throws/later")).StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        await Assert.ThrowsAnyAsync<Exception>(() => app.GetAsync("/breaks"));
        var waiting = app.Connect().GetAsync("/waits", gone.Token);
        await app.Waiting.Task.WaitAsync(Patience);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        var summary = await app.SummaryAsync(5);
        summary.StatusClasses.Should().Be(new StatusClassCounts(0, 1, 0, 1, 3));
        (summary.Failures, summary.ClientAborts, summary.InFlight).Should().Be((3, 1, 0));
    }

    [Fact]
    public async Task What_an_error_page_shows_belongs_to_the_endpoint_that_failed()
    {
        await using var app = await StartAsync(before: pipeline => pipeline.UseExceptionHandler("/error"));

        using var response = await app.GetAsync("/throws/later");

        response.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        var endpoint = (await app.SummaryAsync(1)).Endpoints.Single();
        (endpoint.Name, endpoint.Count, endpoint.Failures).Should().Be(("GET /throws/later", 1, 1));
    }

    [Fact]
    public async Task A_client_that_goes_away_is_no_failure_of_the_server()
    {
        await using var app = await StartAsync();
        using var gone = new CancellationTokenSource();

        var request = app.Connect().GetAsync("/waits", gone.Token);
        await app.Waiting.Task.WaitAsync(Patience);
        app.Monitor.GetRequestSummary().InFlight.Should().Be(1);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);

        var summary = await app.SummaryAsync(1);
        (summary.ClientAborts, summary.Failures, summary.StatusClasses.Status4xx, summary.InFlight).Should().Be((1, 0, 1, 0));
    }

    [Fact]
    public async Task What_a_request_calls_is_attributed_to_it_across_awaits()
    {
        await using var app = await StartAsync(configure: options => options.ServerTiming = true);

        using var response = await app.GetAsync("/calls");

        await app.SummaryAsync(1);
        var slow = app.Monitor.Requests.GetSlowRequests().Single();
        (slow.Endpoint, slow.Method, slow.StatusCode, slow.Duration).Should().Be(("/calls", "GET", 200, TimeSpan.FromSeconds(2)));
        (slow.RedisCommands, slow.RedisTime, slow.Queries, slow.QueryTime).Should().Be((2, TimeSpan.FromMilliseconds(20), 1, TimeSpan.FromMilliseconds(30)));
        slow.Phases.Single().Name.Should().Be("render page");
        slow.TraceId.Should().Be(app.TraceId).And.MatchRegex("^[0-9a-f]{32}$");
        response.Headers.GetValues("Server-Timing").Single().Should().MatchRegex(
            "^total;dur=2000, redis;dur=20;desc=\"2 commands\", db;dur=30;desc=\"1 query\", render_page;dur=[0-9.]+$");
    }

    [Fact]
    public async Task Server_timing_is_not_told_unless_asked_for()
    {
        await using var app = await StartAsync();

        using var response = await app.GetAsync("/orders/1");

        response.Headers.Contains("Server-Timing").Should().BeFalse();
    }

    [Fact]
    public async Task Users_and_tenants_are_counted_by_a_hash_and_a_cache_by_what_the_handler_says()
    {
        await using var app = await StartAsync(configure: options => options.TenantClaim = "tid", before: pipeline => pipeline.Use((context, next) =>
        {
            context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "anna"), new Claim("tid", "acme")], "test"));
            return next(context);
        }));

        await app.GetAsync("/cached");
        await app.GetAsync("/orders/1");

        var summary = await app.SummaryAsync(2);
        summary.TopUsers.Single().Should().Match<RequestActivity>(user => user.Id == app.Monitor.Requests.HashId("anna") && user.Count == 2);
        summary.TopTenants.Single().Id.Should().Be(app.Monitor.Requests.HashId("acme"));
        (summary.CacheHits, summary.CacheMisses).Should().Be((1, 0));
    }

    [Fact]
    public async Task A_delegate_that_throws_costs_the_tenant_and_not_the_request()
    {
        await using var app = await StartAsync(configure: options => options.Tenant = _ => throw new InvalidOperationException("no tenant"));

        (await app.GetAsync("/orders/1")).StatusCode.Should().Be(HttpStatusCode.OK);

        (await app.SummaryAsync(1)).TopTenants.Should().BeEmpty();
    }

    [Fact]
    public async Task The_monitors_own_endpoints_and_those_that_are_excluded_are_left_out()
    {
        await using var app = await StartAsync(configure: null, before: null, settings: new() { ["Monitoring:Api:ReaderKey"] = MonitoringHost.ReaderKey });

        await app.GetAsync("/api/performance/health");
        await app.GetAsync("/probe");
        await app.GetAsync("/orders/1");

        (await app.SummaryAsync(1)).Endpoints.Single().Name.Should().Be("GET /orders/{id}");
    }

    [Fact]
    public async Task A_pipeline_that_no_host_runs_is_recorded_too()
    {
        await using var monitor = PerformanceMonitor.Create();
        await using var services = new ServiceCollection().AddSingleton<IPerformanceMonitor>(monitor).BuildServiceProvider();
        var app = new ApplicationBuilder(services);
        app.UseRequestMonitoring();
        app.Run(async context =>
        {
            await Task.Yield();
            context.Response.StatusCode = context.Request.Path == "/bad" ? throw new InvalidOperationException("no luck") : 204;
        });
        var pipeline = app.Build();

        await pipeline(new DefaultHttpContext());
        var bad = new DefaultHttpContext { Request = { Path = "/bad" } };
        await Assert.ThrowsAsync<InvalidOperationException>(() => pipeline(bad));

        var summary = monitor.Requests.GetSummary();
        (summary.Count, summary.Failures, summary.InFlight).Should().Be((2, 1, 0));
    }

    [Fact]
    public void Without_a_monitor_it_says_so()
    {
        using var services = new ServiceCollection().BuildServiceProvider();

        new ApplicationBuilder(services).Invoking(app => app.UseRequestMonitoring()).Should().Throw<InvalidOperationException>().WithMessage("*AddMonitoring*");
    }

    [Fact]
    public async Task Many_requests_at_once_are_all_counted_and_none_gets_what_belongs_to_another()
    {
        await using var app = await StartAsync(settings: new() { ["Monitoring:Requests:SlowThreshold"] = "00:00:00.001", ["Monitoring:Requests:SlowCapacity"] = "1000" });

        await Task.WhenAll(Enumerable.Range(1, 200).Select(number => app.GetAsync($"/adds/{number}")));

        var summary = await app.SummaryAsync(200);
        (summary.Count, summary.Failures, summary.InFlight).Should().Be((200, 0, 0));
        app.Wrong.Should().Be(0);
    }

    [Fact]
    public async Task The_api_tells_of_requests_and_of_the_slow_ones()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys, IPAddress.Loopback);
        host.Monitor.RecordRequest(new RequestMetric("/orders/{id}", TimeSpan.FromSeconds(2)) { Method = "GET", StatusCode = 200, TraceId = new string('a', 32) });
        host.Monitor.RecordRequest(new RequestMetric("assess", TimeSpan.FromMilliseconds(1200), Success: false));

        using var summary = await ReadAsync("metrics/summary?window=5m");
        summary.RootElement.GetProperty("count").GetInt64().Should().Be(2);
        summary.RootElement.GetProperty("successRatePercent").GetDouble().Should().Be(50);
        summary.RootElement.GetProperty("windowMs").GetDouble().Should().Be(300_000);
        summary.RootElement.GetProperty("statusClasses").GetProperty("status2xx").GetInt64().Should().Be(1);
        using var endpoints = await ReadAsync("metrics/endpoints");
        endpoints.RootElement.GetProperty("endpoints").EnumerateArray().Select(endpoint => endpoint.GetProperty("endpoint").GetString()).Should().BeEquivalentTo(["/orders/{id}", "assess"]);
        using var slow = await ReadAsync("metrics/slow-requests?threshold=1500ms&limit=5");
        slow.RootElement.GetProperty("thresholdMs").GetDouble().Should().Be(1000);
        var request = slow.RootElement.GetProperty("requests").EnumerateArray().Single();
        request.GetProperty("durationMs").GetDouble().Should().Be(2000);
        request.GetProperty("traceId").GetString().Should().Be(new string('a', 32));

        async Task<JsonDocument> ReadAsync(string path)
        {
            using var response = await host.GetAsync(path, MonitoringHost.ReaderKey);
            response.StatusCode.Should().Be(HttpStatusCode.OK);
            return JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        }
    }

    [Theory]
    [InlineData("threshold=soon", "threshold")]
    [InlineData("threshold=-1s", "threshold")]
    [InlineData("threshold=2h", "threshold")]
    [InlineData("threshold=1e3ms", "threshold")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=x", "limit")]
    public async Task What_slow_requests_are_asked_for_wrongly_is_refused_with_the_field(string query, string field)
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys, IPAddress.Loopback);

        using var response = await host.GetAsync($"metrics/slow-requests?{query}", MonitoringHost.ReaderKey);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        problem.RootElement.GetProperty("errors").TryGetProperty(field, out _).Should().BeTrue();
    }

    private static async Task<TestApp> StartAsync(
        Action<RequestMonitoringOptions>? configure = null, Action<IApplicationBuilder>? before = null, Dictionary<string, string?>? settings = null, bool kestrel = false)
    {
        var builder = WebApplication.CreateBuilder();
        if (kestrel)
        {
            builder.WebHost.UseUrls("http://127.0.0.1:0");
        }
        else
        {
            builder.WebHost.UseTestServer();
        }

        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        var clock = new FakeClock();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddMonitoring(builder.Configuration.GetSection("Monitoring"));
        var app = builder.Build();
        before?.Invoke(app);
        app.UseRequestMonitoring(configure);
        var test = new TestApp(app, clock);
        test.Map();
        await app.StartAsync();
        return test;
    }

    private sealed class TestApp(WebApplication app, FakeClock clock) : IAsyncDisposable
    {
        private int _wrong;

        public IPerformanceMonitor Monitor => app.Services.GetRequiredService<IPerformanceMonitor>();

        private HttpClient? Client { get; set; }

        public TaskCompletionSource Waiting { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string? TraceId { get; private set; }

        public int Wrong => _wrong;

        public void Map()
        {
            app.MapGet("/orders/{id}", (string id) => id);
            app.MapPost("/orders/{id}", (string id) => id);
            app.MapGet("/throws/now", IResult (HttpContext _) => throw new InvalidOperationException("no luck"));
            app.MapGet("/throws/later", async Task<IResult> (HttpContext _) =>
            {
                await Task.Yield();
                throw new InvalidOperationException("no luck");
            });
            app.MapGet("/breaks", async (HttpContext context) =>
            {
                await context.Response.WriteAsync("so far");
                await context.Response.Body.FlushAsync();
                throw new InvalidOperationException("no luck");
            });
            app.MapGet("/error", () => "sorry");
            app.MapGet("/waits", async (HttpContext context) =>
            {
                Waiting.SetResult();
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            });
            app.MapGet("/calls", async (HttpContext context) =>
            {
                TraceId = Activity.Current?.TraceId.ToHexString();
                OperationScope.Find(Activity.Current)!.Value.AddRedis(Stopwatch.Frequency / 100);
                using (Monitor.Requests.Measure("render page"))
                {
                    await Task.Yield();
                    OperationScope.Find(Activity.Current)!.Value.AddRedis(Stopwatch.Frequency / 100);
                }

                OperationScope.Find(Activity.Current)!.Value.AddQuery(1, 3 * Stopwatch.Frequency / 100);
                clock.Advance(TimeSpan.FromSeconds(2));
                return "done";
            });
            app.MapGet("/cached", (HttpContext context) =>
            {
                context.SetCacheHit(true);
                return "hit";
            });
            app.MapGet("/adds/{number}", async (int number) =>
            {
                var scope = OperationScope.Find(Activity.Current)!.Value;
                for (var i = 0; i < number; i++)
                {
                    OperationScope.Find(Activity.Current)?.AddRedis(1);
                    await Task.Yield();
                }

                if (OperationScope.Find(Activity.Current) is not { } still || !still.Equals(scope) || scope.Name != "GET /adds/{number}" || scope.AddQuery(1, 1) != 1)
                {
                    Interlocked.Increment(ref _wrong);
                }
            });
            app.MapGet("/probe", () => "up").ExcludeFromRequestMonitoring();
            app.MapMonitoring();
        }

        public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

        public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path)
        {
            using var request = new HttpRequestMessage(method, path);
            return await Connect().SendAsync(request);
        }

        /// <summary>The summary once so many requests are in it: the client may have its answer before the host has ended the request.</summary>
        public async Task<RequestSummary> SummaryAsync(long count)
        {
            var until = Stopwatch.StartNew();
            var wasWhole = false;
            while (true)
            {
                // A summary that is read while a request ends may have it in its count and not yet in the rest.
                var summary = Monitor.GetRequestSummary();
                var isWhole = summary.Count >= count && summary.InFlight == 0;
                if (isWhole && wasWhole)
                {
                    return summary;
                }

                wasWhole = isWhole;
                until.Elapsed.Should().BeLessThan(Patience, "{0} of {1} requests are recorded", summary.Count, count);
                await Task.Delay(10);
            }
        }

        public HttpClient Connect() => Client ??= app.Services.GetRequiredService<IServer>() is TestServer
            ? app.GetTestClient()
            : new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        public async ValueTask DisposeAsync()
        {
            Client?.Dispose();
            await app.DisposeAsync();
        }
    }
}
