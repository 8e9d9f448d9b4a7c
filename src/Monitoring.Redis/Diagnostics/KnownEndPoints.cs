using Monitoring.Redis.Decorators;
using StackExchange.Redis;

namespace Monitoring.Redis.Diagnostics;

/// <summary>
/// The servers that a multiplexer knows, and their roles. It announces changes of its configuration after each reconnection,
/// whether anything changed or not, so what it knows is compared. Thread-safe; asks no server.
/// </summary>
internal sealed class KnownEndPoints(IConnectionMultiplexer inner)
{
    private const int Limit = 1024;

    private readonly Lock _lock = new();

    // Whether it is a replica, by name; null while it was never connected.
    private Dictionary<string, bool?>? _known;

    /// <summary>What is different from when this was last asked, in words; null when nothing is, and the first time.</summary>
    public string? FindChanges()
    {
        lock (_lock)
        {
            var now = Read(inner);
            if (_known is null)
            {
                _known = now;
                return null;
            }

            var changes = new List<string>();
            foreach (var (name, isReplica) in now)
            {
                if (!_known.TryGetValue(name, out var was))
                {
                    changes.Add($"{name} added");
                }
                else if (isReplica is null)
                {
                    now[name] = was;
                }
                else if (was is not null && was != isReplica)
                {
                    changes.Add($"{name} is now a {(isReplica.Value ? "replica" : "primary")}");
                }
            }

            changes.AddRange(_known.Keys.Where(name => !now.ContainsKey(name)).Select(static name => $"{name} removed"));
            _known = now;
            return changes.Count == 0 ? null : string.Join(", ", changes);
        }
    }

    private static Dictionary<string, bool?> Read(IConnectionMultiplexer inner)
    {
        var endPoints = new Dictionary<string, bool?>();
        foreach (var endPoint in (inner.GetEndPoints() ?? []).Take(Limit))
        {
            var server = inner.GetServer(endPoint);
            endPoints[EndPointName.Of(endPoint)] = server is { IsConnected: true } ? server.IsReplica : null;
        }

        return endPoints;
    }
}
