using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Monitoring.TestSupport;

namespace Monitoring.IntegrationTests.Alerts;

/// <summary>aiosmtpd on loopback, with a certificate for <c>localhost</c> from an authority of its own; it wants encryption and a login.</summary>
internal sealed class MailServer : IAsyncDisposable
{
    public const string User = "ada";
    public const string Password = "paßwort-1234";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder;
    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private MailServer(DirectoryInfo folder, string mode)
    {
        _folder = folder;
        Port = ServerProcess.FreePort();
        WriteCertificates();
        var script = Path.Combine(Repository.Root, "integration-tests", "Monitoring.IntegrationTests", "Alerts", "mail_server.py");
        _process = Process.Start(new ProcessStartInfo("/usr/bin/python3", [script, $"{Port}", InFolder("server.pem"), InFolder("server.key"), mode])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                _errors.AppendLine(line.Data);
            }
        };
        _process.BeginErrorReadLine();
    }

    public int Port { get; }

    /// <summary>The authority that the server's certificate comes from.</summary>
    public string AuthorityFile => InFolder("authority.pem");

    /// <param name="mode"><c>starttls</c>, or <c>tls</c> from the first byte.</param>
    public static async Task<MailServer> StartAsync(string mode = "starttls")
    {
        var server = new MailServer(Directory.CreateTempSubdirectory("monitoring-mail-"), mode);
        (await server.ReadAsync()).GetProperty("ready").GetBoolean().Should().BeTrue();
        return server;
    }

    /// <summary>The next mail that arrives, as Python reads it.</summary>
    public async Task<JsonElement> ReadAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        lock (_errors)
        {
            return JsonDocument.Parse(line ?? throw new InvalidOperationException($"The mail server ended; if aiosmtpd is missing, install it with: eng/prepare smtp. {_errors}")).RootElement;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The end of its input ends it.
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private void WriteCertificates()
    {
        var now = DateTimeOffset.UtcNow;
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=Authority of a test", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using var authority = authorityRequest.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var serverRequest = new CertificateRequest("CN=localhost", serverKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        serverRequest.CertificateExtensions.Add(names.Build());
        using var server = serverRequest.Create(authority, now.AddHours(-1), now.AddHours(1), [1, 2, 3, 4]);
        File.WriteAllText(InFolder("authority.pem"), authority.ExportCertificatePem());
        File.WriteAllText(InFolder("server.pem"), server.ExportCertificatePem());
        File.WriteAllText(InFolder("server.key"), serverKey.ExportPkcs8PrivateKeyPem());
    }

    private string InFolder(string name) => Path.Combine(_folder.FullName, name);
}
