using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Monitoring.Core.Tests.Alerts.Notifiers;

/// <summary>A receiver over HTTP on loopback that answers as a test tells it.</summary>
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

    /// <summary>Answers to the next deliveries; when there are no more, <see cref="Default"/>. Null never answers.</summary>
    public ConcurrentQueue<Answer?> Answers { get; } = new();

    /// <summary>What it answers unless it is told otherwise; 204.</summary>
    public Func<Delivery, Answer> Default { get; set; } = static _ => new Answer(204);

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
            var root = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
            probe.Stop();
            var listener = new HttpListener { Prefixes = { root } };
            try
            {
                listener.Start();
                return (listener, root + "hooks/");
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
        var delivery = new Delivery(context.Request.Url!.AbsolutePath, headers.AllKeys.ToDictionary(name => name!, name => headers[name]!, StringComparer.OrdinalIgnoreCase), body.ToArray());
        var answer = Answers.TryDequeue(out var next) ? next : Default(delivery);
        Deliveries.Enqueue(delivery);
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

        if (answer.Body is { } text)
        {
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(text));
        }

        context.Response.Close();
    }

    internal sealed record Delivery(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
    {
        public string Text => Encoding.UTF8.GetString(Body);
    }

    internal sealed record Answer(int Status, params (string Name, string Value)[] Headers)
    {
        public string? Body { get; init; }
    }
}
