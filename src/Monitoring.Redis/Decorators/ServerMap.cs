using System.Net;
using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>
/// Which of several servers the client will send a command to, told without asking one: by the hash slot of its key in a
/// cluster, by role elsewhere. Immutable; as true as what the client knew when it was made.
/// </summary>
internal sealed class ServerMap
{
    private const int Slots = 16384;
    private const CommandFlags Choice = CommandFlags.DemandMaster | CommandFlags.PreferReplica | CommandFlags.DemandReplica;

    private readonly Shard[] _shards;

    // By hash slot, the number of its shard plus one; null where all keys are in one shard.
    private readonly ushort[]? _slots;
    private readonly Func<RedisKey, int> _slotOf;

    private ServerMap(Shard[] shards, ushort[]? slots, Func<RedisKey, int> slotOf)
    {
        _shards = shards;
        _slots = slots;
        _slotOf = slotOf;
    }

    /// <summary>The map of what the client knows now; null when that tells no server from another.</summary>
    /// <param name="servers">The client's servers.</param>
    /// <param name="slotOf">Hash slot of a key.</param>
    /// <param name="targetOf">Target of a server.</param>
    public static ServerMap? Of(IServer[] servers, Func<RedisKey, int> slotOf, Func<EndPoint, RedisTarget> targetOf)
    {
        var cluster = servers.Where(static server => server.ServerType == ServerType.Cluster).Select(static server => server.ClusterConfiguration).FirstOrDefault(static c => c is not null);
        if (cluster is not null)
        {
            return OfCluster(cluster, servers, slotOf, targetOf);
        }

        var primaries = servers.Where(static server => !server.IsReplica).ToList();
        return primaries is [var primary]
            ? new ServerMap([new Shard(targetOf(primary.EndPoint), Replicas(servers.Where(static server => server.IsReplica), targetOf))], null, slotOf)
            : null;
    }

    /// <summary>Where a command goes; null when the client has a choice.</summary>
    public RedisTarget? Find(RedisKey key, CommandFlags flags)
    {
        if (_slots is null)
        {
            return _shards[0].Find(flags & Choice);
        }

        // Without a key: -1.
        var slot = _slotOf(key);
        var shard = (uint)slot < (uint)_slots.Length ? _slots[slot] : 0;
        return shard == 0 ? null : _shards[shard - 1].Find(flags & Choice);
    }

    private static ServerMap OfCluster(ClusterConfiguration cluster, IServer[] servers, Func<RedisKey, int> slotOf, Func<EndPoint, RedisTarget> targetOf)
    {
        var shards = new List<Shard>();
        var slots = new ushort[Slots];
        foreach (var node in cluster.Nodes.Where(static node => !node.IsReplica && node.Slots.Count > 0 && node.EndPoint is not null))
        {
            var replicas = cluster.Nodes.Where(other => other.IsReplica && other.ParentNodeId == node.NodeId).Select(static other => other.EndPoint).ToHashSet();
            shards.Add(new Shard(targetOf(node.EndPoint!), Replicas(servers.Where(server => replicas.Contains(server.EndPoint)), targetOf)));
            foreach (var range in node.Slots)
            {
                slots.AsSpan(range.From, range.To - range.From + 1).Fill((ushort)shards.Count);
            }
        }

        return new ServerMap([.. shards], slots, slotOf);
    }

    private static Replica[] Replicas(IEnumerable<IServer> servers, Func<EndPoint, RedisTarget> targetOf) =>
        [.. servers.Select(server => new Replica(server, targetOf(server.EndPoint)))];

    private sealed record Replica(IServer Server, RedisTarget Target);

    private sealed record Shard(RedisTarget Primary, Replica[] Replicas)
    {
        // As the client chooses: among replicas by turns, of those that are connected.
        public RedisTarget? Find(CommandFlags choice)
        {
            if (choice is not (CommandFlags.PreferReplica or CommandFlags.DemandReplica))
            {
                return Primary;
            }

            var connected = Array.FindAll(Replicas, static replica => replica.Server.IsConnected);
            return (connected, choice) switch
            {
                ([var only], _) => only.Target,
                ([], CommandFlags.PreferReplica) => Primary,
                ([], _) => Replicas is [var lost] ? lost.Target : null,
                _ => null,
            };
        }
    }
}
