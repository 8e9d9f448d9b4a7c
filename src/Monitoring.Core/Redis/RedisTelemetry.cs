using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Monitoring.Latency;
using Monitoring.Telemetry;

namespace Monitoring.Redis;

/// <summary>
/// Tells OpenTelemetry of each operation and each handler: duration as a metric, and a client span. One meter for each
/// monitor, one source of spans for the process. Thread-safe; no member throws. While nobody listens a call costs two
/// reads and allocates nothing; a success that is only a metric allocates nothing either.
/// </summary>
/// <remarks>
/// A span is made when its operation has ended, from the activity that was current when it began: nothing of ours is ever
/// current in the caller's flow, and an operation that the sampler does not want leaves no trace at all.
/// </remarks>
internal sealed class RedisTelemetry : IDisposable
{
    // Latencies of Redis lie below the millisecond at which the conventions' own advice begins.
    private static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries = [0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    // Of different errors as many as the summary tells apart, and the conventions' name for the others.
    private const int ErrorLimit = 64;
    private const string OtherError = "_OTHER";

    private static readonly string? Version = typeof(RedisTelemetry).Assembly.GetName().Version?.ToString();
    private static readonly ActivitySource Source = new(RedisTelemetryNames.ActivitySource, Version);

    private readonly TimeProvider _timeProvider;
    private readonly InternalErrors _errors;
    private readonly Meter _meter;
    private readonly bool _ownsMeter;
    private readonly Histogram<double> _operations;
    private readonly Histogram<double> _handlers;
    private readonly SeriesTable<string> _errorTypes = new(ErrorLimit, static name => name == SeriesTable<string>.OverflowName ? OtherError : name);

    /// <param name="timeProvider">The clock of the spans.</param>
    /// <param name="errors">Where errors of the monitor itself are counted.</param>
    /// <param name="meterFactory">Makes the meter, and disposes of it, where a container has one.</param>
    public RedisTelemetry(TimeProvider timeProvider, InternalErrors errors, IMeterFactory? meterFactory)
    {
        _timeProvider = timeProvider;
        _errors = errors;
        _ownsMeter = meterFactory is null;
        var options = new MeterOptions(RedisTelemetryNames.Meter) { Version = Version };
        _meter = meterFactory?.Create(options) ?? new Meter(options);
        _operations = _meter.CreateHistogram(RedisTelemetryNames.OperationDuration, "s", "Duration of Redis operations.", null, Buckets);
        _handlers = _meter.CreateHistogram(RedisTelemetryNames.HandlerDuration, "s", "Duration of the handlers of pub/sub messages.", null, Buckets);
    }

    /// <summary>Where the other instruments are made.</summary>
    public Meter Meter => _meter;

    /// <summary>Whether somebody wants to know of operations.</summary>
    public bool IsListening
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _operations.Enabled || Source.HasListeners();
    }

    /// <summary>What the span of an operation that begins now will belong to; null when nobody wants spans.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Activity? Begin() => Source.HasListeners() ? Activity.Current : null;

    /// <summary>An operation ended now. Ask <see cref="IsListening"/> before.</summary>
    /// <param name="tags">What it was.</param>
    /// <param name="elapsedTicks">How long it took, in ticks of <see cref="Stopwatch"/>.</param>
    /// <param name="parent">What <see cref="Begin"/> returned when it began.</param>
    /// <param name="error">How it failed; the default when it did not.</param>
    /// <param name="batchSize">Operations of a batch or transaction; 1 otherwise.</param>
    public void Completed(RedisOperationTags tags, long elapsedTicks, Activity? parent, RedisError error = default, int batchSize = 1)
    {
        try
        {
            var (errorType, statusCode) = error.Type is null ? default : (_errorTypes.Get(error.Type), error.StatusCode is null ? null : _errorTypes.Get(error.StatusCode));

            // A call that an open circuit refused had no duration: it never began.
            if (_operations.Enabled && !error.IsRejection)
            {
                var seconds = elapsedTicks / (double)Stopwatch.Frequency;
                _operations.Record(seconds, errorType is null ? tags.Span : tags.WithError(errorType, statusCode));
            }

            if (Source.HasListeners())
            {
                AddSpan(tags, elapsedTicks, parent, errorType, statusCode, batchSize);
            }
        }
        catch (Exception own)
        {
            _errors.Report("redis-telemetry", own);
        }
    }

    /// <summary>A handler of messages ended now.</summary>
    public void Handled(string channelPattern, long elapsedTicks, Exception? thrown)
    {
        if (!_handlers.Enabled)
        {
            return;
        }

        try
        {
            var tags = new TagList
            {
                { RedisOperationTags.SystemName, "redis" },
                { RedisInstruments.Channel, channelPattern },
            };
            if (thrown is not null)
            {
                tags.Add(RedisOperationTags.ErrorType, _errorTypes.Get(thrown.GetType().FullName));
            }

            _handlers.Record(elapsedTicks / (double)Stopwatch.Frequency, tags);
        }
        catch (Exception own)
        {
            _errors.Report("redis-telemetry", own);
        }
    }

    public void Dispose()
    {
        if (_ownsMeter)
        {
            _meter.Dispose();
        }
    }

    // Runs on whatever thread completed the operation: what is current there is nobody's business of ours, so it is put
    // aside. Setting it allocates, and is done only where there is something to put aside or a span to start.
    private void AddSpan(RedisOperationTags tags, long elapsedTicks, Activity? parent, string? errorType, string? statusCode, int batchSize)
    {
        var current = Activity.Current;
        if (parent is null && current is not null)
        {
            // The operation had no parent; the one that happens to be current here must not become it.
            Activity.Current = null;
        }

        var span = Source.CreateActivity(tags.SpanName, ActivityKind.Client, parent?.Context ?? default, tags.All);
        if (span is not null)
        {
            var end = _timeProvider.GetUtcNow().UtcDateTime;
            span.SetStartTime(end - Stopwatch.GetElapsedTime(0, elapsedTicks));
            span.Start();
            Describe(span, errorType, statusCode, batchSize);
            span.SetEndTime(end);
            span.Stop();
        }

        if (Activity.Current != current)
        {
            Activity.Current = current;
        }
    }

    private static void Describe(Activity span, string? errorType, string? statusCode, int batchSize)
    {
        if (!span.IsAllDataRequested)
        {
            return;
        }

        if (batchSize != 1)
        {
            span.SetTag(RedisOperationTags.BatchSize, batchSize);
        }

        if (errorType is null)
        {
            return;
        }

        // No description: the client's messages name keys.
        span.SetStatus(ActivityStatusCode.Error);
        span.SetTag(RedisOperationTags.ErrorType, errorType);
        if (statusCode is not null)
        {
            span.SetTag(RedisOperationTags.StatusCode, statusCode);
        }
    }
}
