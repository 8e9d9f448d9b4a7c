using Monitoring.Redis.Decorators;
using StackExchange.Redis;

namespace Monitoring.Redis.Tests.Decorators;

public sealed class PayloadSizeTests
{
    [Fact]
    public void Adds_up_the_values_of_an_argument()
    {
        PayloadSize.Of("héllo").Should().Be(6);
        PayloadSize.Of(new byte[1000]).Should().Be(1000);
        PayloadSize.Of(RedisValue.Null).Should().Be(0);
        PayloadSize.Of([(RedisValue)"a", "bc", 123]).Should().Be(6);
        PayloadSize.Of([new HashEntry("field", "value")]).Should().Be(10);
        PayloadSize.Of([new NameValueEntry("name", "value")]).Should().Be(9);
        PayloadSize.Of([new SortedSetEntry("member", 5)]).Should().Be(6);
        PayloadSize.Of([KeyValuePair.Create((RedisKey)"key", (RedisValue)"value")]).Should().Be(5);
    }

    [Fact]
    public void An_argument_that_is_null_has_no_size_and_does_no_harm()
    {
        PayloadSize.Of((RedisValue[]?)null).Should().Be(0);
        PayloadSize.Of((HashEntry[]?)null).Should().Be(0);
        CallKey.Of((RedisKey[]?)null).Should().Be(default(RedisKey));
        CallKey.Of(Array.Empty<RedisKey>()).Should().Be(default(RedisKey));
    }

    [Fact]
    public void Tells_the_size_of_a_reply_where_that_is_free_to_know()
    {
        PayloadSize.OfReply((RedisValue)"value").Should().Be(5);
        PayloadSize.OfReply<RedisValue[]?>(["a", "b"]).Should().Be(2);
        PayloadSize.OfReply(new RedisValueWithExpiry("value", null)).Should().Be(5);
        PayloadSize.OfReply<Lease<byte>?>(Lease<byte>.Create(7)).Should().Be(7);
        PayloadSize.OfReply<StreamEntry[]>([new StreamEntry("1-1", [new NameValueEntry("a", "b")])]).Should().Be(2);
        PayloadSize.OfReply(RedisResult.Create([RedisResult.Create((RedisValue)"abc"), RedisResult.Create([RedisResult.Create((RedisValue)12)])])).Should().Be(5);
        PayloadSize.OfReply<string?>("text").Should().Be(4);
        PayloadSize.OfReply<object?>((RedisValue)"boxed").Should().Be(5);
    }

    [Fact]
    public void Says_nothing_of_a_reply_that_holds_no_values()
    {
        PayloadSize.OfReply(true).Should().BeNull();
        PayloadSize.OfReply(5L).Should().BeNull();
        PayloadSize.OfReply<RedisValue[]?>(null).Should().BeNull();
        PayloadSize.OfReply<GeoPosition?[]>([]).Should().BeNull();
    }

    [Fact]
    public void Finds_the_first_key_of_a_command()
    {
        CallKey.Of([(RedisKey)"a", "b"]).Should().Be((RedisKey)"a");
        CallKey.Of([KeyValuePair.Create((RedisKey)"c", (RedisValue)"value")]).Should().Be((RedisKey)"c");
        CallKey.Of([new StreamPosition("d", "0-0")]).Should().Be((RedisKey)"d");
        CallKey.OfBoxed(new RedisKey[] { "e" }).Should().Be((RedisKey)"e");
        CallKey.OfBoxed(5).Should().Be(default(RedisKey));
    }
}
