using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Monitoring.Core.Tests.Alerts.Notifiers;

/// <summary>A receiver of webhooks on loopback that answers as a test tells it.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly HttpListener _listener;
    private readonly Task _serving;
    private readonly TaskCompletionSource _closing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WebhookReceiver()
    {
        (_listener, Url) = Listen();
        _serving = ServeAsync();
    }

    public string Url { get; }

    public ConcurrentQueue<Delivery> Deliveries { get; } = new();

    /// <summary>Answers to the next deliveries; when there are no more, 204. Null never answers.</summary>
    public ConcurrentQueue<Answer?> Answers { get; } = new();

    public async ValueTask DisposeAsync()
    {
        _closing.TrySetResult();
        _listener.Close();
        await _serving;
    }

    // Another process may take a port between its choice and its use.
    private static (HttpListener Listener, string Url) Listen()
    {
        for (var attempt = 0; ; attempt++)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var url = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/hooks/";
            probe.Stop();
            var listener = new HttpListener { Prefixes = { url } };
            try
            {
                listener.Start();
                return (listener, url);
            }
            catch (HttpListenerException) when (attempt < 10)
            {
                listener.Close();
            }
        }
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                _ = AnswerAsync(context);
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var body = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(body);
        var headers = context.Request.Headers;
        var answer = Answers.TryDequeue(out var next) ? next : new Answer(204);
        Deliveries.Enqueue(new Delivery(headers["webhook-id"]!, headers["webhook-timestamp"]!, headers["webhook-signature"]!, context.Request.ContentType!, body.ToArray()));
        if (answer is null)
        {
            await _closing.Task;
            return;
        }

        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers[name] = value;
        }

        context.Response.Close();
    }

    internal sealed record Delivery(string Id, string Timestamp, string Signature, string ContentType, byte[] Body);

    internal sealed record Answer(int Status, params (string Name, string Value)[] Headers);
}
