using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Monitoring.AspNetCore.Security;

namespace Monitoring.AspNetCore.Tests.Security;

/// <summary>What only a real server does: sizes that are not said in advance, and what it refuses by itself.</summary>
public sealed class KestrelTests : IAsyncLifetime
{
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromMinutes(2) };
    private WebApplication _app = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(MonitoringHost.BothKeys);
        builder.Services.AddMonitoring(builder.Configuration.GetSection("Monitoring"));
        _app = builder.Build();
        _app.MapMonitoring();
        await _app.StartAsync();
        _client.BaseAddress = new Uri($"{_app.Urls.Single()}{MonitoringHost.Prefix}/");
        _client.DefaultRequestHeaders.Add("X-Api-Key", MonitoringHost.AdminKey);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Theory]
    [InlineData(ApiGate.LongestBody - 100, false, HttpStatusCode.BadRequest)]
    [InlineData(ApiGate.LongestBody + 1, false, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(ApiGate.LongestBody - 100, true, HttpStatusCode.BadRequest)]
    [InlineData(ApiGate.LongestBody + 1, true, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(ApiGate.LongestBody + 200_000, true, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_body_is_read_up_to_the_limit_whether_or_not_its_length_is_said(int length, bool chunked, HttpStatusCode expected)
    {
        // A note that is too long is refused by name; so the body was read.
        const string Start = "{\"note\":\"";
        var body = Encoding.UTF8.GetBytes($"{Start}{new string('a', length - Start.Length - 2)}\"}}");
        using var request = new HttpRequestMessage(HttpMethod.Post, "alerts/unknown/resolve") { Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } } };
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.ExpectContinue = true;

        using var response = await _client.SendAsync(request);

        response.StatusCode.Should().Be(expected);
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        response.Headers.GetValues("Content-Security-Policy").Should().ContainSingle();
        (await response.Content.ReadAsStringAsync()).Should().NotContain("Exception");
    }

    [Theory]
    [InlineData("alerts/%00")]
    [InlineData("alerts/..%2f..%2fhealth")]
    [InlineData("alerts/%3Cscript%3E")]
    [InlineData("silences/%0d%0aSet-Cookie:%20a=b")]
    [InlineData("alerts/%F0%9F%92%A5")]
    public async Task Strange_paths_are_refused(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_client.BaseAddress + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));

        using var response = await _client.SendAsync(request);

        response.StatusCode.Should().BeOneOf(HttpStatusCode.BadRequest, HttpStatusCode.NotFound);
        (await response.Content.ReadAsStringAsync()).Should().NotContainAny("Exception", "<script");
    }
}
