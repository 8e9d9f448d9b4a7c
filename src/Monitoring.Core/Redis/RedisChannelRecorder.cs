using System.Diagnostics;
using Monitoring.Latency;

namespace Monitoring.Redis;

/// <summary>
/// Records pub/sub of the channels of one pattern. Thread-safe; no member throws. Wait-free and free of allocation, except
/// that the first handler takes a lock to make what it is recorded into: channels that are only published to do not pay
/// for a histogram.
/// </summary>
internal sealed class RedisChannelRecorder(string pattern, SliceClock clock, RedisTelemetry telemetry)
{
    private readonly Lock _lock = new();
    private readonly WindowedCounter _published = new(clock);
    private Handlers? _handlers;

    /// <summary>Pattern of the channel names.</summary>
    public string Pattern { get; } = pattern;

    /// <summary>Messages published since the start.</summary>
    public long TotalPublished => _published.TotalCount;

    /// <summary>Messages that handlers received since the start.</summary>
    public long TotalReceived => Volatile.Read(ref _handlers)?.Received.TotalCount ?? 0;

    /// <summary>Handlers that threw since the start.</summary>
    public long TotalHandlerExceptions => Volatile.Read(ref _handlers)?.Exceptions.TotalCount ?? 0;

    /// <summary>A message was handed to the client to be published.</summary>
    public void Published() => _published.Add();

    /// <summary>A handler begins with a message; returns the timestamp to end with.</summary>
    public long Received()
    {
        (Volatile.Read(ref _handlers) ?? Make()).Received.Add();
        return Stopwatch.GetTimestamp();
    }

    /// <summary>A handler that began at <paramref name="startTimestamp"/> ended now, and how.</summary>
    /// <param name="startTimestamp">What <see cref="Received"/> returned.</param>
    /// <param name="thrown">What it threw; null when it ended well.</param>
    public void Handled(long startTimestamp, Exception? thrown)
    {
        var handlers = Volatile.Read(ref _handlers) ?? Make();
        var elapsed = Stopwatch.GetTimestamp() - startTimestamp;
        handlers.Duration.RecordTicks(elapsed);
        if (thrown is not null)
        {
            handlers.Exceptions.Add();
        }

        telemetry.Handled(Pattern, elapsed, thrown);
    }

    /// <summary>The figures of the last <paramref name="window"/>.</summary>
    public RedisChannelStatistics GetStatistics(TimeSpan window)
    {
        var handlers = Volatile.Read(ref _handlers);
        var duration = handlers?.Duration.GetSnapshot(window) ?? LatencySnapshot.Empty;
        return new RedisChannelStatistics
        {
            Channel = Pattern,
            Published = _published.GetCount(window),
            Received = handlers?.Received.GetCount(window) ?? 0,
            HandlerExceptions = handlers?.Exceptions.GetCount(window) ?? 0,
            HandlerAverage = duration.Average,
            HandlerP95 = duration.P95,
            HandlerMaximum = duration.Maximum,
        };
    }

    // Under a lock, because the clock keeps everything that was ever registered with it.
    private Handlers Make()
    {
        lock (_lock)
        {
            if (_handlers is null)
            {
                Volatile.Write(ref _handlers, new Handlers(new(clock), new(clock), new(clock)));
            }

            return _handlers!;
        }
    }

    private sealed record Handlers(WindowedCounter Received, WindowedCounter Exceptions, LatencyRecorder Duration);
}
