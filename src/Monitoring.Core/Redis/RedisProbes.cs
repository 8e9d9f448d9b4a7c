using Monitoring.Latency;
using Monitoring.Telemetry;

namespace Monitoring.Redis;

/// <summary>
/// The probes of one monitor: how long this process takes to run what is due, and what clients measure of each server.
/// Their two threads start with the first connection and the first ping, and end with the monitor. Thread-safe.
/// </summary>
internal sealed class RedisProbes
{
    // With the entry that the others share, 256 servers.
    private const int EndPointLimit = 255;

    private readonly Func<RedisServerOptions> _options;
    private readonly InternalErrors _errors;
    private readonly SeriesTable<RedisEndPointProbes> _endPoints;
    private readonly ProbeThread _scheduling;
    private readonly ProbeThread _pinging;
    private readonly Lock _lock = new();

    // Replaced as a whole under the lock, read without it.
    private volatile Registration[] _pings = [];

    public RedisProbes(SliceClock clock, Func<RedisServerOptions> options, InternalErrors errors, CancellationToken stopping)
    {
        (_options, _errors) = (options, errors);
        _endPoints = new SeriesTable<RedisEndPointProbes>(EndPointLimit, name => new RedisEndPointProbes(name, clock), StringComparer.OrdinalIgnoreCase);
        Unnamed = new RedisLargeReplies(clock);
        Scheduling = new SchedulingDelayProbe(clock);
        _scheduling = new ProbeThread("Monitoring scheduling", Scheduling.Tick, static () => SchedulingDelayProbe.Interval, clock.TimeProvider, errors, stopping);
        _pinging = new ProbeThread("Monitoring pings", _ => Ping(), () => _options().ProbeInterval, clock.TimeProvider, errors, stopping);
    }

    public SchedulingDelayProbe Scheduling { get; }

    /// <summary>Large replies to operations whose server is not known.</summary>
    public RedisLargeReplies Unnamed { get; }

    /// <summary>What is measured of each server.</summary>
    public RedisEndPointProbes[] All => _endPoints.All;

    /// <summary>What is measured of one server; those beyond 255 share an entry.</summary>
    public RedisEndPointProbes this[string endPoint] => _endPoints.Get(endPoint);

    /// <summary>Begins to measure how long this process takes to run what is due. More calls do no harm.</summary>
    public void Start() => _scheduling.Start();

    /// <summary>
    /// Has servers pinged at <see cref="RedisServerOptions.ProbeInterval"/>, which <paramref name="ping"/> is told, until
    /// the registration is disposed. All are called one after the other by one thread, which they may block for as long as
    /// an answer takes.
    /// </summary>
    public IDisposable Add(Action<TimeSpan> ping)
    {
        var registration = new Registration(this, ping);
        lock (_lock)
        {
            _pings = [.. _pings, registration];
        }

        _pinging.Start();
        return registration;
    }

    /// <summary>Takes the size of a reply, and who waited for it, into account.</summary>
    public void Observe(in RedisObservation observation) =>
        (observation.EndPoint is null ? Unnamed : this[observation.EndPoint].LargeReplies).Observe(in observation);

    private void Ping()
    {
        var interval = _options().ProbeInterval;
        foreach (var registration in _pings)
        {
            try
            {
                registration.Ping(interval);
            }
            catch (Exception exception)
            {
                _errors.Report("pinging Redis servers", exception);
            }
        }
    }

    private sealed class Registration(RedisProbes owner, Action<TimeSpan> ping) : IDisposable
    {
        public Action<TimeSpan> Ping { get; } = ping;

        public void Dispose()
        {
            lock (owner._lock)
            {
                owner._pings = [.. owner._pings.Where(registration => registration != this)];
            }
        }
    }
}
