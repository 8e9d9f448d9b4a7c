using System.Diagnostics;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Monitoring.TestSupport;

namespace Monitoring.IntegrationTests.Service;

/// <summary>The sample service as its own process on a free port, and what a test says to it.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    public const string GitHubSecret = "a secret of GitHub's";
    public const string TwilioAuthToken = "a token of Twilio's";
    public const string AdminKey = "admin-key-0123456789";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly string[] _arguments;
    private readonly StringBuilder _output = new();
    private Process _process;

    private ServiceProcess(string redis, string[] arguments)
    {
        Address = new Uri($"http://127.0.0.1:{ServerProcess.FreePort()}");
        Client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(15) };
        Client.DefaultRequestHeaders.Add("X-Api-Key", AdminKey);
        _arguments =
        [
            "--urls", Address.ToString(), $"--ConnectionStrings:Redis={redis}", $"--GitHub:Secret={GitHubSecret}",
            $"--Twilio:AuthToken={TwilioAuthToken}", $"--Monitoring:Api:AdminKey={AdminKey}",

            // A test asks again and again until it sees what it waits for, more often than the limit for people and scrapers admits.
            "--Monitoring:Api:ReadsPerMinute=0", .. arguments,
        ];
        _process = Launch();
    }

    public Uri Address { get; }

    public int ProcessId => _process.Id;

    public HttpClient Client { get; }

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public static async Task<ServiceProcess> StartAsync(string redis, params string[] arguments)
    {
        var service = new ServiceProcess(redis, arguments);
        try
        {
            await service.WaitUntilUpAsync();
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the program with these arguments only.</summary>
    public static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    /// <summary>A push as GitHub sends it, signed, unless a test says otherwise.</summary>
    public async Task<HttpResponseMessage> PostGitHubAsync(string? delivery = null, string? body = null, string? signature = null)
    {
        var bytes = Encoding.UTF8.GetBytes(body ?? """{"ref":"refs/heads/main","repository":{"full_name":"octo-org/api"},"sender":{"login":"octocat"}}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/github") { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("X-GitHub-Event", "push");
        request.Headers.Add("X-GitHub-Delivery", delivery ?? Guid.NewGuid().ToString());
        request.Headers.Add("X-Hub-Signature-256", signature ?? "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(GitHubSecret), bytes)));
        return await Client.SendAsync(request);
    }

    public Task<JsonElement> GetAsync(string path) => Client.GetFromJsonAsync<JsonElement>($"/api/performance/{path}");

    /// <summary>How many webhooks were processed; -1 while the service cannot say, because its Redis is away or slow.</summary>
    public async Task<long> GetProcessedAsync()
    {
        using var response = await Client.GetAsync("/stats");
        return response.IsSuccessStatusCode ? (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("processed").GetInt64() : -1;
    }

    /// <summary>Ends the service without warning.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
    }

    /// <summary>Starts a killed service again, on the same port.</summary>
    public async Task RestartAsync()
    {
        _process.Dispose();
        _process = Launch();
        await WaitUntilUpAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await KillAsync();
        _process.Dispose();
    }

    private Task WaitUntilUpAsync() => Eventually.Async(IsUpAsync, StartTimeout, () => $"the service did not start: {Output}");

    private Process Launch()
    {
        var process = Start(_arguments);
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private async Task<bool> IsUpAsync()
    {
        if (_process.HasExited)
        {
            // Without a time limit it waits for the rest of the output as well.
            await _process.WaitForExitAsync();
            throw new InvalidOperationException($"The service ended at once with exit code {_process.ExitCode}: {Output}");
        }

        try
        {
            using var response = await Client.GetAsync("/api/performance/health/live");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Append(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
