using Monitoring.Redis;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>What the Redis servers last said of themselves.</summary>
internal sealed record RedisServersResponse(IReadOnlyList<RedisServerStatistics> Servers, IReadOnlyList<RedisStreamGroupStatus> StreamGroups);
