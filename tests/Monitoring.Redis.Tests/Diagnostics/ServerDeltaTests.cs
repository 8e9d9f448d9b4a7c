using Monitoring.Redis.Diagnostics;

namespace Monitoring.Redis.Tests.Diagnostics;

public sealed class ServerDeltaTests
{
    [Fact]
    public void What_happened_is_the_difference_of_two_polls()
    {
        var delta = Delta(
            Totals("run_id:a\nuptime_in_seconds:10\nevicted_keys:100\nkeyspace_hits:10\nkeyspace_misses:10\nrejected_connections:1\nerrorstat_OOM:count=1", "cmdstat_get:calls=10,usec=100\ncmdstat_set:calls=5,usec=5"),
            Totals("run_id:a\nuptime_in_seconds:20\nevicted_keys:150\nkeyspace_hits:40\nkeyspace_misses:20\nrejected_connections:4\nerrorstat_OOM:count=3", "cmdstat_get:calls=30,usec=1100\ncmdstat_set:calls=5,usec=5\ncmdstat_config|get:calls=1,usec=2000"));

        delta.PerSecond(static totals => totals.Evicted).Should().Be(5);
        delta.HitRatePercent.Should().Be(75);
        delta.Lookups.Should().Be(40);
        delta.Rejected.Should().Be(3);
        delta.Errors.Should().Equal(new Dictionary<string, long> { ["OOM"] = 2 });
        delta.Commands.Should().Equal(("CONFIG GET", 1, 2000), ("GET", 20, 1000));
        delta.BusyPercent.Should().Be(0.03);
    }

    [Fact]
    public void Nothing_is_known_of_the_time_before_the_first_poll()
    {
        var delta = new ServerDelta(Totals("keyspace_hits:40\nevicted_keys:9", "cmdstat_get:calls=30,usec=1100"), null, TimeSpan.Zero);

        delta.Commands.Should().BeEmpty();
        (delta.Lookups, delta.HitRatePercent, delta.BusyPercent, delta.PerSecond(static totals => totals.Evicted)).Should().Be((null, null, null, null));
    }

    [Fact]
    public void After_a_reset_of_the_statistics_what_came_since_counts()
    {
        var delta = Delta(
            Totals("keyspace_hits:1000\nkeyspace_misses:0", "cmdstat_get:calls=1000,usec=9000\ncmdstat_set:calls=7,usec=70"),
            Totals("keyspace_hits:3\nkeyspace_misses:1", "cmdstat_get:calls=4,usec=36"));

        delta.Lookups.Should().Be(4);
        delta.HitRatePercent.Should().Be(75);
        delta.Commands.Should().Equal(("GET", 4, 36));
    }

    [Theory]
    [InlineData("run_id:a\nuptime_in_seconds:10", "run_id:a\nuptime_in_seconds:10", true)]
    [InlineData("run_id:a\nuptime_in_seconds:10", "run_id:a\nuptime_in_seconds:9", true)]
    [InlineData("run_id:a\nuptime_in_seconds:10", "run_id:b\nuptime_in_seconds:20", false)]
    [InlineData("uptime_in_seconds:10", "uptime_in_seconds:3", false)]
    [InlineData("", "", true)]
    public void A_restart_shows_by_the_run_or_by_the_uptime(string before, string now, bool continues) =>
        Totals(now).Continues(Totals(before)).Should().Be(continues);

    [Fact]
    public void Commands_that_were_not_told_before_are_no_difference()
    {
        var delta = Delta(Totals("keyspace_hits:1"), Totals("keyspace_hits:1", "cmdstat_get:calls=1000000,usec=9000000"));

        delta.Commands.Should().BeEmpty();
        delta.BusyPercent.Should().BeNull();
    }

    [Fact]
    public void A_server_that_counts_calls_but_no_time_has_no_times()
    {
        var delta = Delta(Totals("", "cmdstat_get:calls=1,usec=0"), Totals("", "cmdstat_get:calls=9,usec=0"));

        delta.Commands.Should().Equal(("GET", 8, 0));
        (delta.HasTimes, delta.BusyPercent).Should().Be((false, null));
    }

    [Fact]
    public void Zeros_of_a_server_that_does_not_measure_are_unknown() =>
        Totals("monitor_task:disabled\ntotal_commands_processed:0\nrejected_connections:0").Should().Match<ServerTotals>(
            static totals => totals.Processed == null && totals.Rejected == null);

    private static ServerTotals Totals(string info, string commands = "") => new(InfoReply.Parse(info), InfoReply.Parse(commands), 0);

    private static ServerDelta Delta(ServerTotals before, ServerTotals now) => new(now, before, TimeSpan.FromSeconds(10));
}
