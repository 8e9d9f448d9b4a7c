namespace Monitoring.Redis;

/// <summary>
/// Records one Redis command. Obtain it once with <see cref="RedisMonitor.GetOperation"/> and keep it.
/// Thread-safe, lock-free; a success allocates nothing.
/// </summary>
public sealed class RedisOperationRecorder
{
    internal RedisOperationRecorder(string operation) => Operation = operation;

    /// <summary>Redis command, such as <c>GET</c>.</summary>
    public string Operation { get; }

    /// <summary>A call that began at <paramref name="startTimestamp"/> (<see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>) ended well, now.</summary>
    public void Succeeded(long startTimestamp) => throw new NotImplementedException();

    /// <summary>A call that began at <paramref name="startTimestamp"/> failed, now.</summary>
    public void Failed(long startTimestamp, RedisFailureKind kind, string error) => throw new NotImplementedException();

    /// <summary>Counts the commands that one <c>PIPELINE</c> or <c>MULTI</c> carried; they are not operations of their own.</summary>
    public void AddItems(int count) => throw new NotImplementedException();

    /// <summary>A call was sent whose outcome nobody will know (fire and forget).</summary>
    public void Sent() => throw new NotImplementedException();
}
