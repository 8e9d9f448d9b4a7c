using System.Globalization;
using System.Text;

namespace Monitoring.Alerts.Notifiers;

/// <summary>What a mail server answered.</summary>
/// <param name="Code">Three digits; the first says success (2), go on (3), later (4) or never (5).</param>
/// <param name="Text">What it said besides, a line each.</param>
internal readonly record struct SmtpReply(int Code, string Text);

/// <summary>Reads the answers of a mail server, within bounds. For one thread.</summary>
internal sealed class SmtpLines(Stream stream)
{
    private const int MostLines = 100;

    private readonly byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;

    /// <summary>Whether more has arrived than was read.</summary>
    public bool HasMore => _start < _end;

    public async ValueTask<SmtpReply> ReadAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        for (var count = 0; count < MostLines; count++)
        {
            var line = await ReadLineAsync(cancellationToken).ConfigureAwait(false);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
            {
                throw NotAMailServer();
            }

            text.Append(count > 0 ? "\n" : "").Append(line.AsSpan(Math.Min(4, line.Length)));

            // A hyphen after the code says that there are more lines (RFC 5321, 4.2.1).
            if (line.Length == 3 || line[3] != '-')
            {
                return new SmtpReply(code, text.ToString());
            }
        }

        throw NotAMailServer();
    }

    private async ValueTask<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                var line = Encoding.Latin1.GetString(_buffer, _start, length).TrimEnd('\r');
                _start += length + 1;
                return line;
            }

            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            if (_end == _buffer.Length)
            {
                throw NotAMailServer();
            }

            var count = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            _end += count > 0 ? count : throw new EndOfStreamException("The mail server closed the connection.");
        }
    }

    private static AlertDeliveryException NotAMailServer() => new("The other end does not speak SMTP.");
}
