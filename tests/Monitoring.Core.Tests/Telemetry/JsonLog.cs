using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Monitoring.Core.Tests.Telemetry;

/// <summary>What the host's own <c>AddJsonConsole</c> would print, parsed: its formatter, without its console.</summary>
internal sealed class JsonLog : ILoggerFactory
{
    private readonly ServiceProvider _services = new ServiceCollection().AddLogging(logging => logging.AddJsonConsole()).BuildServiceProvider();
    private readonly ConsoleFormatter _formatter;
    private readonly Lock _lock = new();
    private readonly List<JsonElement> _lines = [];

    public JsonLog() => _formatter = _services.GetServices<ConsoleFormatter>().Single(formatter => formatter.Name == ConsoleFormatterNames.Json);

    /// <summary>Thrown by every line while it is set.</summary>
    public Exception? Failure { get; set; }

    public LogLevel Minimum { get; init; } = LogLevel.Information;

    public IReadOnlyList<JsonElement> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    public IEnumerable<JsonElement> Of(int eventId) => Lines.Where(line => line.GetProperty("EventId").GetInt32() == eventId);

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose() => _services.Dispose();

    private sealed class Logger(JsonLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= log.Minimum;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (log.Failure is { } failure)
            {
                throw failure;
            }

            using var text = new StringWriter();
            log._formatter.Write(new LogEntry<TState>(logLevel, category, eventId, state, exception, formatter), null, text);
            using var document = JsonDocument.Parse(text.ToString());
            lock (log._lock)
            {
                log._lines.Add(document.RootElement.Clone());
            }
        }
    }
}
