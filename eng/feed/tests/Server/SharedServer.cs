using System.Globalization;

namespace StandIns.Tests.Server;

/// <summary>How a client talks to the shared server.</summary>
public enum Wire
{
    Resp2,
    Resp3,
    Tls,
}

/// <summary>One server, with and without TLS, for all tests that leave it standing.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    private readonly TlsCertificate _certificate = new();
    private readonly int _tlsPort = RedisServer.FreePort();
    private RedisServer? _server;

    private RedisServer Server => _server ?? throw new InvalidOperationException("The server has not been started.");

    public async Task InitializeAsync() => _server = await RedisServer.StartAsync(
        "--tls-port", _tlsPort.ToString(CultureInfo.InvariantCulture),
        "--tls-cert-file", _certificate.CertificateFile,
        "--tls-key-file", _certificate.KeyFile,
        "--tls-ca-cert-file", _certificate.CertificateFile,
        "--tls-auth-clients", "no");

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _certificate.Dispose();
    }

    public Task<ConnectionMultiplexer> ConnectAsync(Wire wire = Wire.Resp2, Action<ConfigurationOptions>? configure = null)
    {
        var options = Options(wire);
        configure?.Invoke(options);
        return ConnectionMultiplexer.ConnectAsync(options);
    }

    public ConfigurationOptions Options(Wire wire = Wire.Resp2)
    {
        var options = Client.Options(wire == Wire.Tls ? $"127.0.0.1:{_tlsPort.ToString(CultureInfo.InvariantCulture)}" : Server.Address);
        options.Protocol = wire == Wire.Resp3 ? RedisProtocol.Resp3 : RedisProtocol.Resp2;
        if (wire == Wire.Tls)
        {
            options.Ssl = true;
            options.SslHost = TlsCertificate.Host;
            options.CertificateValidation += (_, presented, _, _) => _certificate.Is(presented);
        }

        return options;
    }
}

/// <summary>Tests on the shared server; they keep to keys of their own.</summary>
[CollectionDefinition(Name)]
public sealed class OnSharedServer : ICollectionFixture<SharedServer>
{
    public const string Name = "one server";
}

/// <summary>Tests that count threads, sockets or bytes of this process: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone : ICollectionFixture<SharedServer>
{
    public const string Name = "alone";
}
