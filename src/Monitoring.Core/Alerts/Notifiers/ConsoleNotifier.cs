using System.Text;

namespace Monitoring.Alerts.Notifiers;

/// <summary>
/// Writes a line for each alert of a notice to the console's standard output or another writer, in colours where that is a terminal. Of a notice with
/// more than 100 alerts it writes the first 100, the most severe, and how many more there are. Thread-safe.
/// </summary>
public sealed class ConsoleNotifier : IAlertNotifier
{
    private const int MostLines = 100;
    private const int LongestLine = 1000;
    private const string Red = "\e[31m";
    private const string Yellow = "\e[33m";
    private const string Green = "\e[32m";
    private const string NoColour = "\e[0m";

    private readonly TextWriter? _writer;
    private readonly Lock _lock = new();

    /// <summary>Writes to the console.</summary>
    /// <param name="options">Which alerts; read once.</param>
    /// <param name="writer">Where to write, without colours; the console's standard output by default.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message names what is wrong.</exception>
    public ConsoleNotifier(ConsoleNotifierOptions options, TextWriter? writer = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfInvalid();
        Name = options.Name;
        Channel = options;
        _writer = writer;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public AlertChannelOptions Channel { get; }

    /// <inheritdoc/>
    public Task<string?> NotifyAsync(AlertNotice notice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notice);
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<string?>(cancellationToken);
        }

        // NO_COLOR: https://no-color.org.
        var colours = _writer is null && !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        var text = Write(notice, colours);

        // One write a notice, so that the lines of two notices do not mix.
        lock (_lock)
        {
            (_writer ?? Console.Out).Write(text);
        }

        return Task.FromResult<string?>(null);
    }

    private static StringBuilder Write(AlertNotice notice, bool colours)
    {
        var text = new StringBuilder();
        if (notice.IsTest)
        {
            Append(text, notice.CreatedAt, $"[TEST] {NoticeText.Test}");
        }

        foreach (var entry in notice.Entries.Take(MostLines))
        {
            var line = NoticeText.Line(entry, LongestLine);
            Append(text, notice.CreatedAt, colours ? $"{Colour(entry.Alert)}{line}{NoColour}" : line);
        }

        if (notice.Entries.Count > MostLines)
        {
            Append(text, notice.CreatedAt, NoticeText.More(notice.Entries.Count - MostLines));
        }

        if (notice.Digest is { } digest)
        {
            Append(text, notice.CreatedAt, NoticeText.Line(digest, LongestLine));
        }

        return text;
    }

    private static void Append(StringBuilder text, DateTimeOffset at, string line) =>
        text.Append(NoticeText.Time(at)).Append(' ').Append(line).Append(Environment.NewLine);

    private static string Colour(Alert alert) => alert switch
    {
        { State: AlertState.Resolved } => Green,
        { Severity: AlertSeverity.Critical } => Red,
        _ => Yellow,
    };
}
