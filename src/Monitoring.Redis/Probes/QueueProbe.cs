using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Redis.Decorators;
using Monitoring.Redis.Diagnostics;
using Monitoring.Validation;
using StackExchange.Redis;

namespace Monitoring.Redis.Probes;

/// <summary>
/// Asks for the queues of one system again and again, in the background, until it or the monitor is disposed. Whatever goes
/// wrong, it goes on. One poll at a time touches its fields.
/// </summary>
internal sealed class QueueProbe : IAsyncDisposable
{
    private const int MostRefusals = 1000;

    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly IPerformanceMonitor _monitor;
    private readonly Func<IConnectionMultiplexer> _connect;
    private readonly RedisQueueProbeOptions _options;
    private readonly ILogger _logger;
    private readonly string _name;
    private readonly IQueueReader _reader;
    private readonly QueueMeasurements _measurements;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenRegistration _monitorStops;
    private readonly Task _running;

    private Refusals _refusals = new();
    private int _failures;
    private bool _hasLoggedLeftOut;

    /// <summary>Starts polling.</summary>
    /// <param name="connect">Gives the connection; called by each poll, off the caller's path.</param>
    /// <param name="monitor">Where measurements go.</param>
    /// <param name="system">Whose queues.</param>
    /// <param name="options">How; not to be changed afterwards.</param>
    /// <param name="logger">Told what changes.</param>
    public QueueProbe(Func<IConnectionMultiplexer> connect, IPerformanceMonitor monitor, QueueSystem system, RedisQueueProbeOptions options, ILogger logger)
    {
        (_connect, _monitor, _options, _logger) = (connect, monitor, options, logger);
        var name = QueueSystems.NameOf(system);
        _name = options.Name ?? name;
        _reader = QueueSystems.CreateReader(system, options.Prefix);
        _measurements = new QueueMeasurements(name, _name);
        _monitorStops = monitor.Redis.Stopping.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _stopping);

        // The caller's activity and other ambient state are none of the monitor's business.
        using (ExecutionContext.SuppressFlow())
        {
            _running = Task.Run(RunAsync);
        }
    }

    /// <exception cref="OptionsValidationException">An option is out of its range; names key, value and range.</exception>
    public static void Validate(QueueSystem system, RedisQueueProbeOptions options)
    {
        var errors = new OptionsErrors(nameof(RedisQueueProbeOptions));
        options.Validate(errors);
        errors.Require(Enum.IsDefined(system), nameof(QueueSystem), system, string.Join(", ", Enum.GetNames<QueueSystem>()));
        errors.Require(options.Prefix is null || QueueSystems.HasPrefix(system), nameof(options.Prefix), options.Prefix, $"none, for the keys of {system} are fixed");
        if (errors.Messages.Count > 0)
        {
            throw new OptionsValidationException(nameof(RedisQueueProbeOptions), typeof(RedisQueueProbeOptions), errors.Messages);
        }
    }

    /// <summary>Ends the polling and waits for the poll that is under way. Never fails. The connection stays its owner's.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        var token = _stopping.Token;
        try
        {
            while (!token.IsCancellationRequested)
            {
                await PollAsync(token).ConfigureAwait(false);
                await Task.Delay(Wait, _monitor.Redis.TimeProvider, token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
        }
        finally
        {
            await _monitorStops.DisposeAsync().ConfigureAwait(false);
        }
    }

    // Doubles with each failure, up to a minute.
    private TimeSpan Wait
    {
        get
        {
            var wait = _options.PollInterval * Math.Pow(2, Math.Min(_failures, 6));
            return wait < LongestWait ? wait : LongestWait;
        }
    }

    private async Task PollAsync(CancellationToken token)
    {
        try
        {
            var failure = await TryPollAsync(token).ConfigureAwait(false);
            if (failure is not null && !token.IsCancellationRequested)
            {
                OnFailed(failure);
            }
            else if (Interlocked.Exchange(ref _failures, 0) > 0)
            {
                ProbeLog.LogRecovered(_logger, _name);
            }
        }
        catch (Exception exception)
        {
            // A connection that cannot be made, an answer of another shape, a log that throws.
            _failures++;
            if (!token.IsCancellationRequested)
            {
                _monitor.Redis.Errors.Report("reading the queues of another system", exception);
            }
        }
    }

    private void OnFailed(Exception failure)
    {
        if (_failures++ == 0)
        {
            // The message of a timeout is a page.
            ProbeLog.LogFailed(_logger, _name, failure is RedisServerException ? failure.Message : failure.GetType().Name);
        }
    }

    private async Task<Exception?> TryPollAsync(CancellationToken token)
    {
        var connection = Inner(_connect());
        if (!connection.IsConnected)
        {
            return new RedisConnectionException(ConnectionFailureType.UnableToConnect, "not connected");
        }

        using var budget = new CancellationTokenSource(Budget, _monitor.Redis.TimeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(token, budget.Token);
        var ask = new ProbeQuestions(new MultiplexerConnection(connection, _options.Database), _refusals, _monitor.Redis.TimeProvider.GetUtcNow(), both.Token);
        await ReadAsync(ask).ConfigureAwait(false);
        LogRefusals();
        return ask.Failure;
    }

    private async Task ReadAsync(ProbeQuestions ask)
    {
        var queues = _options.Queues.Count > 0 ? [.. _options.Queues] : await DiscoverAsync(ask).ConfigureAwait(false);
        var figures = await _reader.ReadAsync(ask, queues).ConfigureAwait(false);
        if (ask.Failure is null)
        {
            foreach (var metrics in _measurements.Of(figures, ask.Now))
            {
                _monitor.RecordTaskQueueMetrics(metrics);
            }
        }
    }

    private async Task<IReadOnlyList<string>> DiscoverAsync(ProbeQuestions ask)
    {
        string[] found = [.. (await _reader.DiscoverAsync(ask).ConfigureAwait(false) ?? []).Order(StringComparer.Ordinal)];
        if (found.Length > _options.MaxQueues && !_hasLoggedLeftOut)
        {
            _hasLoggedLeftOut = true;
            ProbeLog.LogLeftOut(_logger, found.Length, _name, _options.MaxQueues, found[_options.MaxQueues]);
        }

        return found.Length <= _options.MaxQueues ? found : found[.._options.MaxQueues];
    }

    private void LogRefusals()
    {
        if (_refusals.TakeUnreported() is { } items)
        {
            ProbeLog.LogRefused(_logger, _name, items);
        }

        if (_refusals.Count > MostRefusals)
        {
            // Queues come and go: what was refused of those that are gone need not be known for ever.
            _refusals = new Refusals();
        }
    }

    // The probe's commands are not the application's: they are neither counted with them nor open their circuit.
    private static IConnectionMultiplexer Inner(IConnectionMultiplexer connection)
    {
        while (connection is IMonitoredMultiplexer monitored)
        {
            connection = monitored.Inner;
        }

        return connection;
    }
}
