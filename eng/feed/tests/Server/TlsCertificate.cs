using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace StandIns.Tests.Server;

/// <summary>A certificate for one run, signed by itself.</summary>
internal sealed class TlsCertificate : IDisposable
{
    public const string Host = "localhost";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("standins-tls-");
    private readonly string _thumbprint;

    public TlsCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Host);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
        _thumbprint = certificate.Thumbprint;
    }

    public string CertificateFile => Path.Combine(_directory.FullName, "server.crt");

    public string KeyFile => Path.Combine(_directory.FullName, "server.key");

    public bool Is(X509Certificate? presented) => presented?.GetCertHashString() == _thumbprint;

    public void Dispose() => _directory.Delete(recursive: true);
}
