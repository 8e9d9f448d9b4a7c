using Monitoring.Redis.Diagnostics;
using StackExchange.Redis;

namespace Monitoring.Redis.Tests.Diagnostics;

public sealed class SlowLogReaderTests
{
    private readonly SlowLogReader _reader = new(10);

    [Theory]
    [InlineData("SET user:{id}:cart", "set", "user:4711:cart", "secret")]
    [InlineData("DEBUG SLEEP", "debug", "sleep", "1")]
    [InlineData("EVAL", "EVAL", "return 'secret'", "0")]
    [InlineData("AUTH", "AUTH", "hush")]
    [InlineData("FT.SEARCH", "FT.SEARCH", "index", "@name:jane")]
    [InlineData("CONFIG", "CONFIG", "not a subcommand")]
    [InlineData("PING", "PING")]
    [InlineData("", null)]
    public void Keeps_command_and_pattern_and_no_argument(string expected, params string?[]? arguments)
    {
        Read();
        Read((0, arguments ?? []));

        _reader.Kept.Should().ContainSingle().Which.Command.Should().Be(expected);
    }

    [Fact]
    public void Keeps_what_came_after_the_first_reading_once_and_newest_first()
    {
        Read((5, ["GET", "a"]));
        Read((6, ["GET", "b"]), (5, ["GET", "a"]));
        Read((7, ["GET", "c"]), (6, ["GET", "b"]));
        Read();
        Read((8, ["GET", "d"]));

        _reader.Kept.Select(static entry => entry.Command).Should().Equal("GET d", "GET c", "GET b");
    }

    [Fact]
    public void Takes_the_small_ids_of_a_restarted_server()
    {
        Read((500, ["GET", "a"]));
        _reader.Restart();
        Read((0, ["GET", "b"]));

        _reader.Kept.Should().ContainSingle().Which.Command.Should().Be("GET b");
    }

    [Fact]
    public void Keeps_raw_keys_only_when_told_to()
    {
        Read();
        _reader.Read(Reply((0, ["GET", "user:1"])), rawKeys: true);

        _reader.Kept.Single().Should().BeEquivalentTo(new { Command = "GET user:1", Duration = TimeSpan.FromMicroseconds(15_000), At = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000) });
    }

    private void Read(params (int Id, string?[] Arguments)[] entries) => _reader.Read(Reply(entries), rawKeys: false);

    private static RedisResult Reply(params (int Id, string?[] Arguments)[] entries) => RedisResult.Create(Array.ConvertAll(entries, static entry => RedisResult.Create(
    [
        RedisResult.Create((RedisValue)entry.Id),
        RedisResult.Create((RedisValue)1_700_000_000),
        RedisResult.Create((RedisValue)15_000),
        RedisResult.Create(Array.ConvertAll(entry.Arguments, static text => RedisResult.Create((RedisValue)text))),
    ])));
}
