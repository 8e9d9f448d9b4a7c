using Monitoring.Redis.Diagnostics;
using Monitoring.TestSupport;

namespace Monitoring.Redis.Tests.Diagnostics;

/// <summary>Captures of a redis-server 7.0 with a replica, of that replica, and of a Garnet that counts its commands.</summary>
public sealed class InfoReplyTests
{
    [Theory]
    [InlineData("source", "redis_version", "7.0.15")]
    [InlineData("source", "role", "master")]
    [InlineData("source", "maxmemory_policy", "noeviction")]
    [InlineData("source", "errorstat_WRONGTYPE", "count=1")]
    [InlineData("replica", "role", "slave")]
    [InlineData("replica", "master_link_status", "up")]
    [InlineData("garnet", "garnet_version", "2.2.5")]
    [InlineData("garnet", "role", "master")]
    public void Reads_the_fields_of_real_servers(string capture, string field, string value) =>
        Capture(capture).Text(field).Should().Be(value);

    [Fact]
    public void Knows_the_sections()
    {
        Capture("source").HasSection("errorstats").Should().BeTrue();
        Capture("garnet").HasSection("Errorstats").Should().BeFalse();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(":\n::\n#\nno colon\r\n#")]
    [InlineData("used_memory:\r\n")]
    [InlineData("used_memory:N/A")]
    [InlineData("used_memory:99999999999999999999")]
    [InlineData("used_memory:1.5")]
    public void Takes_any_text(string? text)
    {
        var info = InfoReply.Parse(text);

        info.Integer("used_memory").Should().BeNull();
        info.Integer("").Should().BeNull();
    }

    [Theory]
    [InlineData("a:1\nb:-7\r\nc:1.09", "a", 1.0)]
    [InlineData("a:1\nb:-7\r\nc:1.09", "b", -7.0)]
    [InlineData("a:1\nb:-7\r\nc:1.09", "c", 1.09)]
    [InlineData("a:1\na:2", "a", 1.0)]
    [InlineData("c:nan", "c", null)]
    [InlineData("c:inf", "c", null)]
    public void Reads_numbers(string text, string field, double? value) => InfoReply.Parse(text).Number(field).Should().Be(value);

    [Fact]
    public void Reads_a_bounded_share_of_a_reply_without_end()
    {
        InfoReply.Parse(string.Concat(Enumerable.Range(0, 10_000).Select(static i => $"field{i}:1\n")))
            .WithPrefix("field").Should().HaveCount(InfoReply.MostFields);
        InfoReply.Parse(new string('\n', InfoReply.LongestText) + "late:1").Integer("late").Should().BeNull();
    }

    [Theory]
    [InlineData("calls=12,usec=345,usec_per_call=28.75", "calls", 12L)]
    [InlineData("calls=12,usec=345,usec_per_call=28.75", "usec", 345L)]
    [InlineData("calls=12,usec=345,usec_per_call=28.75", "usec_per_call", null)]
    [InlineData("calls=12", "usec", null)]
    [InlineData("", "usec", null)]
    [InlineData(",,=,usec", "usec", null)]
    public void Reads_a_part_of_a_list(string value, string part, long? expected) => InfoReply.Part(value, part).Should().Be(expected);

    [Theory]
    [InlineData("source", 0L, 1.0, null)]
    [InlineData("replica", 0L, 4.0, true)]
    [InlineData("garnet", null, null, null)]
    public void Tells_replication_of_real_servers(string capture, long? bytes, double? seconds, bool? isUp)
    {
        var state = ReplicationState.From(Capture(capture));

        state.LagBytes.Should().Be(bytes);
        state.IsLinkUp.Should().Be(isUp);
        (state.Lag is null).Should().Be(seconds is null);
        state.Lag?.TotalSeconds.Should().BeInRange(0, 10);
    }

    [Theory]
    [InlineData("role:master\nmaster_repl_offset:500\nslave0:ip=a,port=1,state=online,offset=480,lag=1\nslave1:ip=b,port=1,state=online,offset=100,lag=30", 400L, 30.0, null)]
    [InlineData("role:master\nmaster_repl_offset:500\nslave0:ip=a,port=1,state=send_bulk,offset=0,lag=0", null, null, null)]
    [InlineData("role:master\nmaster_repl_offset:500", null, null, null)]
    [InlineData("role:slave\nmaster_link_status:up\nmaster_last_io_seconds_ago:7\nslave_read_repl_offset:90\nslave_repl_offset:70", 20L, 7.0, true)]
    [InlineData("role:slave\nmaster_link_status:down\nmaster_last_io_seconds_ago:-1\nmaster_link_down_since_seconds:45", null, 45.0, false)]
    [InlineData("role:slave\nmaster_link_status:down\nmaster_link_down_since_seconds:-1\nuptime_in_seconds:12", null, 12.0, false)]
    [InlineData("role:sentinel", null, null, null)]
    public void Tells_how_far_the_slowest_is_behind(string text, long? bytes, double? seconds, bool? isUp) =>
        ReplicationState.From(InfoReply.Parse(text)).Should().Be(
            new ReplicationState(bytes, seconds is { } value ? TimeSpan.FromSeconds(value) : null, isUp));

    private static InfoReply Capture(string name) =>
        InfoReply.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "Monitoring.Redis.Tests", "Diagnostics", "Captures", $"{name}.txt")));
}
