using System.Diagnostics;
using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>What is known of a command when it is sent, and needed when its answer is there.</summary>
/// <param name="Target">Where it goes.</param>
/// <param name="Recorder">What records it.</param>
/// <param name="Start">When it began (<see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>).</param>
/// <param name="IsGuarded">Whether it runs through the circuit, which then knows the outcome.</param>
/// <param name="Key">Its first key; null when it has none.</param>
/// <param name="Weight">How many commands it stands for; zero when it is not of the sample.</param>
/// <param name="ArgumentBytes">Size of the values that it sends, if it is of the sample and they are free to measure.</param>
/// <param name="Parent">The activity that it belongs to; null when there is none, or nobody wants spans and there are no operations to add its time to.</param>
internal readonly record struct StartedCall(
    RedisTarget Target, RedisOperationRecorder Recorder, long Start, bool IsGuarded, RedisKey Key = default, long Weight = 0, long? ArgumentBytes = null, Activity? Parent = null);
