namespace Monitoring.Requests;

/// <summary>What an operation spent on what it calls. Times are in ticks of <see cref="System.Diagnostics.Stopwatch"/>; those of calls side by side add up.</summary>
internal readonly record struct OperationTotals(long RedisTicks, int RedisCommands, long QueryTicks, int Queries)
{
    public bool IsEmpty => RedisCommands == 0 && Queries == 0;

    public static OperationTotals operator +(in OperationTotals left, in OperationTotals right) => new(
        left.RedisTicks + right.RedisTicks, left.RedisCommands + right.RedisCommands, left.QueryTicks + right.QueryTicks, left.Queries + right.Queries);
}
