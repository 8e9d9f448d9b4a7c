using System.Text.Json;
using System.Text.Json.Serialization;

namespace Monitoring.Alerts.Notifiers;

/// <summary>
/// Writes notices to a Slack channel: as a bot, where later notices of an alert are replies to the message that first told
/// of it, or through an incoming webhook, where each is a message of its own. One attempt may be several messages, one for each thread
/// and one for what is new; an attempt that failed in between goes on where it stopped. Thread-safe.
/// </summary>
public sealed class SlackNotifier : IAlertNotifier, IDisposable
{
    // More threads than this get one message together: at one message a second an attempt would take too long.
    private const int MostThreads = 5;

    // docs.slack.dev/reference/methods/chat.postMessage, "Errors": these pass; all others are about the request or the bot.
    private static readonly string[] Passing =
        ["ratelimited", "rate_limited", "internal_error", "fatal_error", "request_timeout", "service_unavailable", "team_added_to_org", "accesslimited"];

    private readonly NotifierHttp _http;
    private readonly string? _token;
    private readonly string? _channelId;
    private readonly Lock _lock = new();

    // What was sent already of the notice that is under way; guarded by _lock. Only ever one notice: the channel sends one at a time.
    private string _underWay = "";
    private readonly Dictionary<string, string> _sent = new(StringComparer.Ordinal);

    /// <summary>Checks the options and prepares the connection, which is made with the first notice.</summary>
    /// <param name="options">Where and how; read once.</param>
    /// <param name="timeProvider">The clock by which a date in <c>Retry-After</c> is read; the system's by default.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message names what is wrong, without secrets.</exception>
    public SlackNotifier(SlackNotifierOptions options, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfInvalid();
        options.TryGetUri(out var uri);
        Name = options.Name;
        Channel = options;
        _token = options.Token;
        _channelId = options.Token is null ? null : options.ChannelId;
        _http = new NotifierHttp(options, uri!, timeProvider ?? TimeProvider.System);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public AlertChannelOptions Channel { get; }

    /// <inheritdoc/>
    /// <returns>The id of the message that was written, to which later ones of the same alerts reply; null from an incoming webhook.</returns>
    public async Task<string?> NotifyAsync(AlertNotice notice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notice);
        string? written = null;
        foreach (var (thread, entries) in MessagesOf(notice))
        {
            var sent = FindSent(notice.Id, thread) ?? await PostAsync(notice, entries, thread, cancellationToken).ConfigureAwait(false);
            NoteSent(notice.Id, thread, sent);
            written ??= thread ?? (sent.Length > 0 ? sent : null);
        }

        return written;
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _http.Dispose();

    // What is new comes first, so that its message is the one that is replied to later.
    private IEnumerable<(string? Thread, IReadOnlyList<AlertNoticeEntry> Entries)> MessagesOf(AlertNotice notice)
    {
        var threads = _token is null ? [] : notice.Entries.Select(static entry => entry.Receipt).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (threads.Count is 0 or > MostThreads)
        {
            yield return (null, notice.Entries);
            yield break;
        }

        var newcomers = notice.Entries.Where(static entry => entry.Receipt is null).ToList();
        if (newcomers.Count > 0 || notice.Digest is not null)
        {
            yield return (null, newcomers);
        }

        foreach (var thread in threads)
        {
            yield return (thread, [.. notice.Entries.Where(entry => entry.Receipt == thread)]);
        }
    }

    private string? FindSent(string notice, string? thread)
    {
        lock (_lock)
        {
            return _underWay == notice ? _sent.GetValueOrDefault(thread ?? "") : null;
        }
    }

    private void NoteSent(string notice, string? thread, string message)
    {
        lock (_lock)
        {
            if (_underWay != notice)
            {
                _underWay = notice;
                _sent.Clear();
            }

            _sent[thread ?? ""] = message;
        }
    }

    private async Task<string> PostAsync(AlertNotice notice, IReadOnlyList<AlertNoticeEntry> entries, string? thread, CancellationToken cancellationToken)
    {
        var body = SlackMessage.Serialize(notice, entries, _channelId, thread);
        var (headers, answer) = await _http.PostAsync(
            body,
            headers => headers.Authorization = _token is null ? null : new("Bearer", _token),
            explain: static answer => IsCode(answer) ? answer : null,
            cancellationToken).ConfigureAwait(false);
        if (_token is null)
        {
            return "";
        }

        var result = Parse(answer);
        if (result is { Ok: true })
        {
            return result.Ts ?? "";
        }

        var error = result?.Error is { } code && IsCode(code) ? code : "something that is not Slack's";
        throw new AlertDeliveryException($"{_http.Host} answered {error}.")
        {
            IsPermanent = result is not null && !Passing.Contains(error),
            RetryAfter = _http.RetryAfter(headers),
        };
    }

    private static SlackAnswer? Parse(string answer)
    {
        try
        {
            return JsonSerializer.Deserialize(answer, SlackJson.Default.SlackAnswer);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Errors are codes such as invalid_payload; anything else might repeat what was sent.
    private static bool IsCode(string text) => text.Length is > 0 and <= 60 && text.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');
}

internal sealed record SlackAnswer(bool Ok, string? Error, string? Ts);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SlackAnswer))]
internal sealed partial class SlackJson : JsonSerializerContext;
