using Microsoft.Extensions.Logging;
using Monitoring.CircuitBreakers;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.CircuitBreakers;

/// <summary>A circuit on a fake clock that opens at the second of two failures; an ArgumentException is no failure.</summary>
internal sealed class CircuitFixture
{
    public static readonly TimeSpan Break = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);

    public CircuitFixture(Action<CircuitBreakerOptions>? configure = null, Func<CancellationToken, Task>? probe = null, Func<Exception, bool>? isFailure = null)
    {
        var options = new CircuitBreakerOptions { MinimumThroughput = 2, BreakDuration = Break, ProbeTimeout = ProbeTimeout };
        configure?.Invoke(options);
        Errors = new InternalErrors(Log, Clock);
        Registry = new CircuitBreakerRegistry(Clock, options, Log, Errors);
        Circuit = Registry.GetOrAdd("cache", isFailure ?? (static e => e is TimeoutException), probe);
    }

    public FakeClock Clock { get; } = new();

    public RecordingLogger Log { get; } = new();

    public InternalErrors Errors { get; }

    public CircuitBreakerRegistry Registry { get; }

    public CircuitBreaker Circuit { get; }

    public CircuitBreakerSummary Summary => Circuit.GetSummary();

    public IEnumerable<CircuitState> States => Summary.LastTransitions.Reverse().Select(t => t.To);

    public void Trip()
    {
        Circuit.ReportFailure(new TimeoutException());
        Circuit.ReportFailure(new TimeoutException());
    }

    public void TripAndWaitForTheBreakToEnd()
    {
        Trip();
        Clock.Advance(Break);
    }

    public int Succeed() => Circuit.Execute(static _ => 1, 0);

    public void Fail(Exception exception)
    {
        try
        {
            Circuit.Execute<Exception, int>(static e => throw e, exception);
        }
        catch (Exception caught) when (ReferenceEquals(caught, exception))
        {
        }
    }

    /// <summary>Waits for what runs on the pool; fails after ten seconds.</summary>
    public static async Task Until(Func<bool> condition)
    {
        var patience = TimeSpan.FromSeconds(10);
        for (var waited = TimeSpan.Zero; !condition(); waited += TimeSpan.FromMilliseconds(5))
        {
            waited.Should().BeLessThan(patience, "it should have happened by now");
            await Task.Delay(5);
        }
    }
}

internal sealed class RecordingLogger : ILogger
{
    public List<(LogLevel Level, int Id, string Text)> Entries { get; } = [];

    public Exception? Throws { get; set; }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (Throws is not null)
        {
            throw Throws;
        }

        Entries.Add((logLevel, eventId.Id, formatter(state, exception)));
    }
}
