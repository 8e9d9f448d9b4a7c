using Monitoring.Redis.Diagnostics;
using StackExchange.Redis;

namespace Monitoring.Redis.Tests.Diagnostics;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void A_percentile_is_of_the_calls_between_two_readings()
    {
        var before = Read(("get", [(1, 90), (1024, 100)]))["GET"];
        var now = Read(("get", [(1, 185), (2, 188), (1024, 200)]))["GET"];

        now.P99Since(before).Should().Be(TimeSpan.FromMicroseconds(1024), "of 100 calls 98 took up to 2 µs");
        now.P99Since(now).Should().BeNull("nothing happened");
    }

    [Fact]
    public void After_a_reset_what_came_since_counts()
    {
        var before = Read(("get", [(1, 1000)]))["GET"];

        Read(("get", [(8, 10)]))["GET"].P99Since(before).Should().Be(TimeSpan.FromMicroseconds(8));
    }

    [Fact]
    public void Names_are_those_of_operations() => Read(("config|get", [(1, 1)])).Keys.Should().Equal("CONFIG GET");

    [Fact]
    public void A_reply_of_another_shape_says_nothing()
    {
        LatencyHistogram.Parse(null).Should().BeEmpty();
        LatencyHistogram.Parse(RedisResult.Create((RedisValue)"text")).Should().BeEmpty();
        LatencyHistogram.Parse(RedisResult.Create([RedisResult.Create((RedisValue)"get"), RedisResult.Create((RedisValue)"text")])).Should().BeEmpty();
    }

    private static Dictionary<string, LatencyHistogram> Read(params (string Command, (int Bound, int Calls)[] Buckets)[] commands) =>
        LatencyHistogram.Parse(RedisResult.Create([.. commands.SelectMany(static command => new[] { Text(command.Command), Histogram(command.Buckets) })]));

    private static RedisResult Histogram((int Bound, int Calls)[] buckets) => RedisResult.Create(
    [
        Text("calls"), Number(buckets[^1].Calls), Text("histogram_usec"),
        RedisResult.Create([.. buckets.SelectMany(static bucket => new[] { Number(bucket.Bound), Number(bucket.Calls) })]),
    ]);

    private static RedisResult Text(string text) => RedisResult.Create((RedisValue)text);

    private static RedisResult Number(int number) => RedisResult.Create((RedisValue)number);
}
