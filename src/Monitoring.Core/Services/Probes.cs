using System.Data.Common;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;

namespace Monitoring.Services;

/// <summary>The probes that come with the monitor.</summary>
internal static class Probes
{
    private const int MostOfBody = 64 * 1024;

    // One for all, never disposed: probes come and go with monitors, and an idle client costs nothing.
    private static readonly Lazy<HttpClient> Shared = new(static () => new HttpClient(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        MaxResponseHeadersLength = 64,
        MaxResponseDrainSize = 0,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    });

    public static ServiceProbe Http(Uri address, HttpProbeOptions options)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            throw new ArgumentException("The address must be an absolute one of http or https.", nameof(address));
        }

        var client = options.Client ?? Shared.Value;
        var expected = options.ExpectedStatus;
        return async token =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token).ConfigureAwait(false);
            var status = (int)response.StatusCode;
            if (expected == 0 ? !response.IsSuccessStatusCode : status != expected)
            {
                var location = status is >= 300 and < 400 && response.Headers.Location is not null ? "; redirects are not followed" : "";
                return ServiceProbeResult.Critical($"It answered {status} where {(expected == 0 ? "200 to 299" : expected)} is expected{location}.");
            }

            // A client of the application's own may follow redirects: what answered then may be somebody else.
            if (response.RequestMessage?.RequestUri is { } answered && Uri.Compare(answered, address, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) != 0)
            {
                return ServiceProbeResult.Critical($"{answered.IdnHost} answered in its place.");
            }

            await DrainAsync(response, token).ConfigureAwait(false);
            return ServiceProbeResult.Healthy;
        };
    }

    public static ServiceProbe Tcp(string host, int port)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, IPEndPoint.MaxPort);
        return async token =>
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(host, port, token).ConfigureAwait(false);
            return ServiceProbeResult.Healthy;
        };
    }

    public static ServiceProbe Database(Func<DbConnection> connect, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(connect);
        return async token =>
        {
            var connection = connect() ?? throw new InvalidOperationException("There is no connection.");
            await using (connection.ConfigureAwait(false))
            {
                await connection.OpenAsync(token).ConfigureAwait(false);
                var command = connection.CreateCommand();
                await using (command.ConfigureAwait(false))
                {
                    command.CommandText = "SELECT 1";
                    command.CommandTimeout = Math.Max(1, (int)Math.Ceiling(timeout.TotalSeconds));
                    await command.ExecuteScalarAsync(token).ConfigureAwait(false);
                }
            }

            return ServiceProbeResult.Healthy;
        };
    }

    // A body that is read leaves the connection for the next probe; one that does not end soon is not worth that.
    private static async ValueTask DrainAsync(HttpResponseMessage response, CancellationToken token)
    {
        var body = await response.Content.ReadAsStreamAsync(token).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            var buffer = new byte[4096];
            for (var total = 0; total < MostOfBody;)
            {
                var read = await body.ReadAsync(buffer, token).ConfigureAwait(false);
                if (read == 0)
                {
                    break;
                }

                total += read;
            }
        }
    }
}
