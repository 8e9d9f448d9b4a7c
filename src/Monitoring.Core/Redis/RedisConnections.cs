using Monitoring.Telemetry;

namespace Monitoring.Redis;

/// <summary>The connections that clients show, 256 at most. Thread-safe; nobody's code runs under the lock.</summary>
internal sealed class RedisConnections(InternalErrors errors)
{
    private const int Limit = 256;

    private readonly Lock _lock = new();

    // Replaced as a whole under the lock, read without it.
    private volatile Registration[] _registrations = [];
    private long _overflow;

    public long Overflow => Volatile.Read(ref _overflow);

    public IDisposable Add(Func<RedisConnectionStatus> status)
    {
        var registration = new Registration(this, status);
        lock (_lock)
        {
            if (_registrations.Length < Limit)
            {
                _registrations = [.. _registrations, registration];
            }
            else
            {
                _overflow++;
            }
        }

        return registration;
    }

    /// <summary>What each of them says now; one that fails is counted as an error and left out.</summary>
    public IReadOnlyList<RedisConnectionStatus> Read()
    {
        var registrations = _registrations;
        var statuses = new List<RedisConnectionStatus>(registrations.Length);
        foreach (var registration in registrations)
        {
            try
            {
                statuses.Add(registration.Status());
            }
            catch (Exception exception)
            {
                errors.Report("reading the state of a Redis connection", exception);
            }
        }

        return statuses;
    }

    private void Remove(Registration registration)
    {
        lock (_lock)
        {
            _registrations = [.. _registrations.Where(other => other != registration)];
        }
    }

    private sealed class Registration(RedisConnections connections, Func<RedisConnectionStatus> status) : IDisposable
    {
        public Func<RedisConnectionStatus> Status { get; } = status;

        public void Dispose() => connections.Remove(this);
    }
}
