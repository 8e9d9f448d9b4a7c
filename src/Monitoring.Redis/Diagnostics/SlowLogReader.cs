using System.Collections.Frozen;
using Monitoring.Latency;
using StackExchange.Redis;

namespace Monitoring.Redis.Diagnostics;

/// <summary>
/// The entries that a server's slow log gained since it was first read, by their ids: a <c>SLOWLOG RESET</c> does not start
/// those anew, a restart does. Of the arguments only the pattern of the key is kept. Used by one poll at a time; the list
/// may be read by anybody.
/// </summary>
internal sealed class SlowLogReader(int capacity)
{
    // As many as a server keeps unless it is told otherwise (slowlog-max-len).
    private const int MostAtOnce = 128;
    private const int LongestKey = 128;
    private const int LongestSubcommand = 20;

    // Commands whose first argument is a key, as COMMAND of Redis 7.0 says, but for scripts, containers and administration.
    private static readonly FrozenSet<string> KeyFirst =
        """
        APPEND BITCOUNT BITFIELD BITFIELD_RO BITPOS BLMOVE BLPOP BRPOP BRPOPLPUSH BZPOPMAX BZPOPMIN COPY DECR DECRBY DEL DUMP EXISTS
        EXPIRE EXPIREAT EXPIRETIME GEOADD GEODIST GEOHASH GEOPOS GEORADIUS GEORADIUSBYMEMBER GEORADIUSBYMEMBER_RO GEORADIUS_RO
        GEOSEARCH GEOSEARCHSTORE GET GETBIT GETDEL GETEX GETRANGE GETSET HDEL HEXISTS HGET HGETALL HINCRBY HINCRBYFLOAT HKEYS HLEN
        HMGET HMSET HRANDFIELD HSCAN HSET HSETNX HSTRLEN HVALS INCR INCRBY INCRBYFLOAT LCS LINDEX LINSERT LLEN LMOVE LPOP LPOS LPUSH
        LPUSHX LRANGE LREM LSET LTRIM MGET MOVE MSET MSETNX PERSIST PEXPIRE PEXPIREAT PEXPIRETIME PFADD PFCOUNT PFMERGE PSETEX PTTL
        RENAME RENAMENX RESTORE RPOP RPOPLPUSH RPUSH RPUSHX SADD SCARD SDIFF SDIFFSTORE SET SETBIT SETEX SETNX SETRANGE SINTER
        SINTERSTORE SISMEMBER SMEMBERS SMISMEMBER SMOVE SORT SORT_RO SPOP SRANDMEMBER SREM SSCAN STRLEN SUBSTR SUNION SUNIONSTORE
        TOUCH TTL TYPE UNLINK XACK XADD XAUTOCLAIM XCLAIM XDEL XLEN XPENDING XRANGE XREVRANGE XTRIM ZADD ZCARD ZCOUNT ZDIFFSTORE
        ZINCRBY ZINTERSTORE ZLEXCOUNT ZMSCORE ZPOPMAX ZPOPMIN ZRANDMEMBER ZRANGE ZRANGEBYLEX ZRANGEBYSCORE ZRANGESTORE ZRANK ZREM
        ZREMRANGEBYLEX ZREMRANGEBYRANK ZREMRANGEBYSCORE ZREVRANGE ZREVRANGEBYLEX ZREVRANGEBYSCORE ZREVRANK ZSCAN ZSCORE ZUNIONSTORE
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Containers = FrozenSet.ToFrozenSet(
        ["ACL", "CLIENT", "CLUSTER", "CONFIG", "DEBUG", "FUNCTION", "LATENCY", "MEMORY", "MODULE", "OBJECT", "PUBSUB", "SCRIPT", "XGROUP", "XINFO"], StringComparer.OrdinalIgnoreCase);

    private readonly RecentList<RedisServerSlowCommand> _kept = new(capacity);

    // The id of the newest entry seen; none before the first reading.
    private long? _last;

    /// <summary>How many entries to ask for.</summary>
    public int Count { get; } = Math.Min(capacity, MostAtOnce);

    /// <summary>The entries, newest first.</summary>
    public IReadOnlyList<RedisServerSlowCommand> Kept => _kept.ToList();

    /// <summary>The server started anew: whatever its log holds came since.</summary>
    public void Restart() => _last = -1;

    /// <param name="reply">What <c>SLOWLOG GET</c> said.</param>
    /// <param name="rawKeys">Whether keys are kept as they are.</param>
    public void Read(RedisResult reply, bool rawKeys)
    {
        var newest = _last ?? -1;
        for (var i = reply.Length - 1; i >= 0; i--)
        {
            if (reply[i] is not { Length: >= 4 } entry || (long)entry[0] is var id && id <= newest)
            {
                continue;
            }

            newest = id;
            if (_last is not null)
            {
                _kept.Add(new RedisServerSlowCommand(
                    DateTimeOffset.FromUnixTimeSeconds((long)entry[1]), Describe(entry[3], rawKeys), TimeSpan.FromMicroseconds((long)entry[2])));
            }
        }

        _last = newest;
    }

    private static string Describe(RedisResult arguments, bool rawKeys)
    {
        var command = Word(arguments, 0).ToUpperInvariant();
        var second = Word(arguments, 1);
        if (Containers.Contains(command) && second.Length <= LongestSubcommand && second.All(char.IsAsciiLetter))
        {
            return $"{command} {second.ToUpperInvariant()}";
        }

        // The server cuts what is longer, and says how much it left out.
        return KeyFirst.Contains(command) && second.Length is > 0 and < LongestKey
            ? $"{command} {(rawKeys ? second : RedisKeyNormalizer.Normalize(second))}"
            : command;
    }

    private static string Word(RedisResult arguments, int index) => arguments.Length > index ? arguments[index].ToString() ?? "" : "";
}
