using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Monitoring.TestSupport;

namespace Monitoring.IntegrationTests.Service;

public sealed class WebhookTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private ServerProcess _redis = null!;
    private ServiceProcess _service = null!;

    public async Task InitializeAsync()
    {
        _redis = await ServerProcess.StartRedisAsync();
        _service = await ServiceProcess.StartAsync(_redis.EndPoint);
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task A_signed_push_is_accepted_and_counted_with_its_phases()
    {
        using var response = await _service.PostGitHubAsync();

        response.StatusCode.Should().Be(HttpStatusCode.Accepted);
        await ProcessedAsync(1);
        var phases = (await _service.GetAsync("webhook-timing")).GetProperty("phases").GetRawText();
        phases.Should().ContainAll("SignatureValidation", "Validation", "CacheLookup", "RedisOperation", "TaskQueuing");
        var operations = (await _service.GetAsync("redis-operations")).GetProperty("operationsByType").EnumerateObject().Select(operation => operation.Name);
        operations.Should().Contain(["EXISTS", "GET", "SET", "MULTI"]);
        (await _service.GetAsync("task-queue")).GetProperty("completed").GetInt64().Should().Be(1);
        var stats = await _service.Client.GetFromJsonAsync<JsonElement>("/stats");
        stats.GetProperty("leaderboard").GetProperty("octo-org/api").GetInt64().Should().Be(1);
        stats.GetProperty("recent")[0].GetString().Should().Be("push octo-org/api");
    }

    [Fact]
    public async Task A_delivery_counts_once_however_often_it_arrives()
    {
        var delivery = Guid.NewGuid().ToString();

        var together = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _service.PostGitHubAsync(delivery)));
        await ProcessedAsync(1);
        using var later = await _service.PostGitHubAsync(delivery);
        using var inCapitals = await _service.PostGitHubAsync(delivery.ToUpperInvariant());
        using var another = await _service.PostGitHubAsync();

        together.Should().OnlyContain(response => response.StatusCode == HttpStatusCode.Accepted || response.StatusCode == HttpStatusCode.OK);
        later.StatusCode.Should().Be(HttpStatusCode.OK);
        inCapitals.StatusCode.Should().Be(HttpStatusCode.OK);
        (await later.Content.ReadAsStringAsync()).Should().Contain("duplicate");
        another.StatusCode.Should().Be(HttpStatusCode.Accepted);
        await ProcessedAsync(2);
        (await _service.GetProcessedAsync()).Should().Be(2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha256=")]
    [InlineData("sha256=zz")]
    [InlineData("sha256=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("sha256=00000000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("sha1=0000000000000000000000000000000000000000")]
    public async Task A_wrong_signature_is_refused(string signature)
    {
        using var response = await _service.PostGitHubAsync(signature: signature);

        response.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await _service.GetProcessedAsync()).Should().Be(0);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"sender":7}""")]
    [InlineData("""{"sender":{"login":"octocat"},"repository":{}}""")]
    public async Task A_signed_body_that_is_not_a_payload_is_malformed(string body)
    {
        using var response = await _service.PostGitHubAsync(body: body);

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_delivery_without_identity_is_malformed()
    {
        using var response = await _service.PostGitHubAsync(delivery: "not-a-guid");

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("/webhooks/github")]
    [InlineData("/webhooks/twilio")]
    public async Task A_body_over_one_mebibyte_is_too_large(string path)
    {
        using var announced = await _service.Client.PostAsync(path, new ByteArrayContent(new byte[(1024 * 1024) + 1]));
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(new byte[(1024 * 1024) + 1]) };
        request.Headers.TransferEncodingChunked = true;
        using var chunked = await _service.Client.SendAsync(request);

        announced.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        chunked.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task A_signed_message_of_Twilio_is_accepted_and_a_changed_one_is_not()
    {
        var form = new Dictionary<string, string> { ["MessageSid"] = "SM1", ["From"] = "+15551230000", ["To"] = "+15559870000", ["Body"] = "Grüße & more" };

        using var accepted = await PostTwilioAsync(form, form);
        using var changed = await PostTwilioAsync(new(form) { ["Body"] = "something else" }, form);
        using var incomplete = await PostTwilioAsync(new() { ["Body"] = "x" }, new() { ["Body"] = "x" });
        using var notAForm = await _service.Client.PostAsync("/webhooks/twilio", new StringContent("{}", Encoding.UTF8, "application/json"));

        accepted.StatusCode.Should().Be(HttpStatusCode.Accepted);
        changed.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        incomplete.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        notAForm.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        await ProcessedAsync(1);
    }

    [Fact]
    public async Task Without_Redis_the_sender_is_asked_to_come_again()
    {
        await _redis.KillAsync();

        using var response = await _service.PostGitHubAsync();

        response.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter!.Delta.Should().BePositive();
    }

    private Task ProcessedAsync(long count) =>
        Eventually.Async(async () => await _service.GetProcessedAsync() >= count, Soon, () => $"{count} webhooks were not processed");

    private async Task<HttpResponseMessage> PostTwilioAsync(Dictionary<string, string> form, Dictionary<string, string> signedForm)
    {
        var url = new Uri(_service.Address, "/webhooks/twilio");
        var text = url + string.Concat(signedForm.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key + pair.Value));
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new FormUrlEncodedContent(form) };
#pragma warning disable CA5350 // Twilio signs with HMAC-SHA1.
        request.Headers.Add("X-Twilio-Signature", Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(ServiceProcess.TwilioAuthToken), Encoding.UTF8.GetBytes(text))));
#pragma warning restore CA5350
        return await _service.Client.SendAsync(request);
    }
}
