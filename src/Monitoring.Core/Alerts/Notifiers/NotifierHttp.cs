using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Monitoring.Alerts.Notifiers;

/// <summary>
/// Sends the notices of one channel over HTTP: one client for the channel's life, whose connections follow changes of DNS.
/// Redirects are never followed, so that a receiver cannot send a notice, or the monitor, to where it does not belong.
/// What went wrong becomes an <see cref="AlertDeliveryException"/> without the address beyond its host. Thread-safe.
/// </summary>
internal sealed class NotifierHttp : IDisposable
{
    private const int MostBytesRead = 16 * 1024;

    private readonly HttpClient _client;
    private readonly Uri _uri;
    private readonly TimeProvider _timeProvider;
    private readonly string[] _secrets;

    /// <param name="options">How to connect.</param>
    /// <param name="uri">Where to post.</param>
    /// <param name="timeProvider">The clock by which a date in <c>Retry-After</c> is read.</param>
    /// <param name="secrets">What an answer may repeat and an error must not, besides what is in the address.</param>
    public NotifierHttp(HttpNotifierOptions options, Uri uri, TimeProvider timeProvider, params ReadOnlySpan<string?> secrets)
    {
        // A short piece of a path is no secret, and blotting it out would only make errors unreadable.
        var pieces = uri.PathAndQuery.Split('/', '?', '&', '=').Where(static piece => piece.Length >= 12);
        _secrets = [.. secrets.ToArray().OfType<string>().Where(static secret => secret.Length > 0), .. pieces];

        _uri = uri;
        _timeProvider = timeProvider;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),

            // What the application traces is not to hold the monitor's own calls, nor their headers to reach a receiver.
            ActivityHeadersPropagator = null,
        };
        if (options.PublicAddressesOnly)
        {
            handler.UseProxy = false;
            handler.ConnectCallback = ConnectToPublicAsync;
        }

        // The outbox's token is the timeout.
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public string Host => _uri.IdnHost;

    /// <summary>Posts JSON and returns what the receiver answered, at most 16 KB.</summary>
    /// <param name="body">The JSON.</param>
    /// <param name="headers">Sets what the request has besides.</param>
    /// <param name="explain">Says why a notice was refused, from the answer's body; null where the body is nobody's business, such as that of an address that came from a user.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="AlertDeliveryException">The notice was not taken.</exception>
    public async Task<(HttpResponseHeaders Headers, string Body)> PostAsync(byte[] body, Action<HttpRequestHeaders>? headers, Func<string, string?>? explain, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var request = new HttpRequestMessage(HttpMethod.Post, _uri)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" } } },
        };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Monitoring.Core", typeof(NotifierHttp).Assembly.GetName().Version?.ToString(3)));
        headers?.Invoke(request.Headers);
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            var answer = await ReadAsync(response.Content, cancellationToken).ConfigureAwait(false);
            return response.IsSuccessStatusCode ? (response.Headers, answer) : throw Refused(response, explain?.Invoke(answer));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            // What the connect callback throws comes wrapped. The messages of the others name a host and a port at most.
            throw exception.InnerException as AlertDeliveryException ?? new AlertDeliveryException($"{Host} could not be reached: {exception.Message}", exception);
        }
    }

    /// <summary>How long a receiver wants to be left alone; null when it does not say. RFC 9110, 10.2.3: seconds or a date.</summary>
    public TimeSpan? RetryAfter(HttpResponseHeaders headers)
    {
        var after = headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - _timeProvider.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return after < TimeSpan.Zero ? TimeSpan.Zero : after;
    }

    public void Dispose() => _client.Dispose();

    private AlertDeliveryException Refused(HttpResponseMessage response, string? why)
    {
        var status = (int)response.StatusCode;
        var redirect = status is >= 300 and < 400 ? ", a redirect, which is not followed" : "";
        return new AlertDeliveryException($"{Host} answered {status}{redirect}{(why is null ? "" : $": {NoticeText.Plain(Redact(why), 200)}")}.")
        {
            IsPermanent = status is >= 300 and < 500 and not (408 or 425 or 429),
            IsGone = response.StatusCode == HttpStatusCode.Gone,
            RetryAfter = RetryAfter(response.Headers),
        };
    }

    private string Redact(string text) => _secrets.Aggregate(text, static (left, secret) => left.Replace(secret, "***", StringComparison.Ordinal));

    private static async Task<string> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MostBytesRead);
        try
        {
            using var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            var count = await stream.ReadAtLeastAsync(buffer.AsMemory(0, MostBytesRead), MostBytesRead, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return Encoding.UTF8.GetString(buffer, 0, count);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // The addresses that are checked are the ones that are connected to: a name cannot change its mind in between.
    private static async ValueTask<Stream> ConnectToPublicAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken).ConfigureAwait(false);
        if (addresses.Length == 0 || !addresses.All(NetworkAddress.IsPublic))
        {
            throw new AlertDeliveryException($"{context.DnsEndPoint.Host} has an address that is not public, and only public ones are allowed (PublicAddressesOnly).") { IsPermanent = true };
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
