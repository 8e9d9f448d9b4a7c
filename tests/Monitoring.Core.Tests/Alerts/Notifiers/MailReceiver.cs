using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Monitoring.Core.Tests.Alerts.Notifiers;

/// <summary>A mail server on loopback, as small as can be, that answers as a test tells it. The integration tests have a real one.</summary>
internal sealed class MailReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<Task> _conversations = [];
    private readonly Task _accepting;

    public MailReceiver()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public ConcurrentQueue<string> Mails { get; } = new();

    public ConcurrentQueue<string> Commands { get; } = new();

    /// <summary>What it answers to a command, by its first word or the whole; an empty text is no answer at all.</summary>
    public ConcurrentDictionary<string, string> Answers { get; } = new(StringComparer.Ordinal)
    {
        ["EHLO"] = "250-test\r\n250-AUTH LOGIN PLAIN\r\n250 SIZE 10000000",
        ["DATA"] = "354 go on",
        ["AUTH"] = "235 welcome",
        ["QUIT"] = "221 bye",
    };

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_conversations);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _conversations.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
                await SayAsync(client, Answers.GetValueOrDefault("greeting", "220 test"));
                while (await reader.ReadLineAsync(_stopping.Token) is { } line)
                {
                    Commands.Enqueue(line);
                    var answer = Answers.GetValueOrDefault(line) ?? Answers.GetValueOrDefault(line.Split(' ')[0], "250 ok");
                    await SayAsync(client, answer);
                    if (answer.StartsWith("354", StringComparison.Ordinal))
                    {
                        Mails.Enqueue(await ReadMailAsync(reader));
                        await SayAsync(client, Answers.GetValueOrDefault("mail", "250 taken"));
                    }
                }
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException)
            {
            }
        }
    }

    private async Task SayAsync(TcpClient client, string answer)
    {
        if (answer.Length > 0)
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer + "\r\n"), _stopping.Token);
        }
    }

    private async Task<string> ReadMailAsync(StreamReader reader)
    {
        var mail = new StringBuilder();
        while (await reader.ReadLineAsync(_stopping.Token) is { } line && line != ".")
        {
            mail.Append(line).Append("\r\n");
        }

        return mail.ToString();
    }
}
