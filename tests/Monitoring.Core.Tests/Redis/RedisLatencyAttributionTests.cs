using FsCheck;
using FsCheck.Fluent;
using Monitoring.Redis;

namespace Monitoring.Core.Tests.Redis;

public sealed class RedisLatencyAttributionTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static readonly RedisLatencyEvidence Quiet = new()
    {
        Commands = ["GET"],
        Operations = 1000,
        Observed = Ms(1),
        Execution = Ms(0),
        RoundTripFloor = Ms(0),
        RoundTripExcess = Ms(0),
        ExcessWhileBusy = 0,
        BusyPercent = 0,
        SchedulingDelay = Ms(0),
        Unsent = Ms(0),
        AwaitingCompletion = Ms(0),
        Transfer = Ms(0),
        BehindLargeReplies = Ms(0),
    };

    [Fact]
    public void Shares_sum_to_a_hundred_whatever_the_evidence()
    {
        var property = Prop.ForAll(Evidence().NonEmptyListOf().Select(static list => list.ToList()).ToArbitrary(), static evidence =>
        {
            var verdict = RedisLatencyVerdicts.Of(null, Minute, evidence);
            double[] shares = [verdict.ServerPercent, verdict.NetworkPercent, verdict.ClientPercent, verdict.HeadOfLinePercent, verdict.UnknownPercent];
            return shares.All(static share => share is >= 0 and <= 100)
                && Math.Abs(shares.Sum() - (verdict.Operations > 0 ? 100 : 0)) < 1e-6;
        });

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), property);
    }

    [Fact]
    public void A_source_that_is_missing_is_named_and_has_no_share()
    {
        var property = Prop.ForAll(Evidence().Where(static e => e.Operations > 0).ToArbitrary(), static evidence =>
        {
            var verdict = RedisLatencyVerdicts.Of(null, Minute, [evidence]);
            var missing = verdict.MissingSources;
            return missing.Contains("commandstats") == evidence.Execution is null
                && missing.Contains("ping") == evidence.RoundTripFloor is null
                && missing.Contains("thread-pool") == evidence.SchedulingDelay is null
                && missing.Contains("counters") == evidence.Unsent is null
                && missing.Contains("reply-sizes") == evidence.BehindLargeReplies is null
                && (!missing.Contains("commandstats") || verdict.ServerPercent == 0)
                && (!missing.Contains("ping") || (verdict.NetworkPercent == 0 && verdict.HeadOfLinePercent == 0))
                && (!(missing.Contains("thread-pool") && missing.Contains("counters")) || verdict.ClientPercent == 0)
                && (!missing.Contains("reply-sizes") || verdict.HeadOfLinePercent == 0)
                && missing.All(source => verdict.Explanation.Contains(source, StringComparison.Ordinal));
        });

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), property);
    }

    [Fact]
    public void Nothing_is_blamed_when_nothing_was_asked()
    {
        var verdict = RedisLatencyVerdicts.Of("a:1", Minute, [Quiet with { Operations = 0 }]);

        verdict.Cause.Should().Be(RedisLatencyCause.Unknown);
        verdict.UnknownPercent.Should().Be(0);
        verdict.MissingSources.Should().BeEmpty();
    }

    [Fact]
    public void Time_that_nothing_explains_is_unknown() =>
        Of(Quiet).Should().Match<RedisLatencyVerdict>(v => v.Cause == RedisLatencyCause.Unknown && v.UnknownPercent == 100);

    [Fact]
    public void Slow_commands_are_the_server() =>
        Of(Quiet with { Observed = Ms(10), Execution = Ms(9), RoundTripFloor = Ms(0.5) })
            .Should().Match<RedisLatencyVerdict>(v => v.Cause == RedisLatencyCause.Server && v.ServerPercent == 90 && v.NetworkPercent == 5);

    [Fact]
    public void A_long_way_is_the_network() =>
        Of(Quiet with { Observed = Ms(20), Execution = Ms(0.02), RoundTripFloor = Ms(19) })
            .Should().Match<RedisLatencyVerdict>(v => v.Cause == RedisLatencyCause.Network && v.NetworkPercent == 95);

    [Fact]
    public void Pings_that_wait_while_the_server_is_busy_are_the_server_and_else_the_network()
    {
        var evidence = Quiet with { Observed = Ms(100), RoundTripExcess = Ms(80), ExcessWhileBusy = 0.75 };

        var verdict = Of(evidence);

        verdict.ServerPercent.Should().BeApproximately(60, 1e-9);
        verdict.NetworkPercent.Should().BeApproximately(20, 1e-9);
    }

    [Fact]
    public void Slow_pings_are_nobodys_fault_while_it_is_not_known_whether_the_server_was_busy()
    {
        var verdict = Of(Quiet with { Observed = Ms(100), Execution = null, RoundTripExcess = Ms(80), ExcessWhileBusy = null, BehindLargeReplies = Ms(100) });

        verdict.Cause.Should().Be(RedisLatencyCause.Unknown);
        verdict.UnknownPercent.Should().BeApproximately(80, 1e-9);
        verdict.HeadOfLinePercent.Should().BeApproximately(20, 1e-9);
    }

    [Fact]
    public void A_late_thread_pool_is_the_client() =>
        Of(Quiet with { Observed = Ms(100), SchedulingDelay = Ms(95), AwaitingCompletion = Ms(40) })
            .Should().Match<RedisLatencyVerdict>(v => v.Cause == RedisLatencyCause.Client && v.ClientPercent == 95);

    [Fact]
    public void Commands_that_wait_to_be_written_are_the_client() =>
        Of(Quiet with { Observed = Ms(100), Unsent = Ms(60) }).ClientPercent.Should().Be(60);

    [Fact]
    public void Waiting_behind_a_large_reply_is_the_head_of_the_line_and_its_own_transfer_the_network() =>
        Of(Quiet with { Observed = Ms(100), Transfer = Ms(10), BehindLargeReplies = Ms(500) })
            .Should().Match<RedisLatencyVerdict>(v => v.Cause == RedisLatencyCause.HeadOfLine && v.HeadOfLinePercent == 90 && v.NetworkPercent == 10);

    [Fact]
    public void A_server_that_stalls_while_a_large_reply_arrives_is_the_server() =>
        Of(Quiet with { Observed = Ms(100), RoundTripExcess = Ms(200), ExcessWhileBusy = 1, BehindLargeReplies = Ms(100) })
            .Should().Match<RedisLatencyVerdict>(v => v.Cause == RedisLatencyCause.Server && v.ServerPercent == 100);

    [Fact]
    public void What_was_sampled_shares_what_is_left_when_it_explains_too_much()
    {
        var verdict = Of(Quiet with { Observed = Ms(100), RoundTripFloor = Ms(10), RoundTripExcess = Ms(300), ExcessWhileBusy = 1, SchedulingDelay = Ms(100) });

        verdict.ServerPercent.Should().BeApproximately(67.5, 1e-9);
        verdict.ClientPercent.Should().BeApproximately(22.5, 1e-9);
        verdict.NetworkPercent.Should().BeApproximately(10, 1e-9);
    }

    [Fact]
    public void No_cause_is_named_below_forty_percent()
    {
        var verdict = Of(Quiet with { Observed = Ms(100), Execution = Ms(39), RoundTripFloor = Ms(31), SchedulingDelay = Ms(30) });

        verdict.Cause.Should().Be(RedisLatencyCause.Unknown);
        verdict.UnknownPercent.Should().BeApproximately(0, 1e-9);
    }

    [Fact]
    public void Servers_weigh_as_much_as_the_time_spent_on_them()
    {
        var near = Quiet with { EndPoint = "near:1", Operations = 900, Observed = Ms(1), Execution = Ms(1) };
        var far = Quiet with { EndPoint = "far:1", Operations = 100, Observed = Ms(27), RoundTripFloor = Ms(27) };

        var verdict = RedisLatencyVerdicts.Of(null, Minute, [near, far]);

        verdict.Observed.Should().Be(Ms(3.6));
        verdict.NetworkPercent.Should().BeApproximately(75, 1e-9);
        verdict.ServerPercent.Should().BeApproximately(25, 1e-9);
    }

    [Fact]
    public void The_explanation_gives_the_figures()
    {
        var verdict = Of(Quiet with
        {
            Commands = ["SET", "GET", "HGET", "DEL"],
            Observed = Ms(1.2),
            Execution = Ms(0.03),
            RoundTripFloor = Ms(1.1),
            BusyPercent = 3,
            SchedulingDelay = null,
        });

        verdict.Explanation.Should().Be(
            "SET and 3 others took 1.2 ms on average: network 1.1 ms, unexplained 0.07 ms, server 0.03 ms; "
            + "the server executed commands 3 % of the time; a PING took 1.1 ms on average and 1.1 ms at least; nothing is known from thread-pool.");
    }

    private static RedisLatencyVerdict Of(RedisLatencyEvidence evidence) => RedisLatencyVerdicts.Of("a:1", Minute, [evidence]);

    private static TimeSpan Ms(double value) => TimeSpan.FromMilliseconds(value);

    private static Gen<RedisLatencyEvidence> Evidence() =>
        from operations in Gen.Frequency((1, Gen.Constant(0)), (9, Gen.Choose(1, 1_000_000)))
        from observed in Time()
        from server in Gen.OneOf(Gen.Constant(false), Gen.Constant(true))
        from ping in Gen.OneOf(Gen.Constant(false), Gen.Constant(true))
        from counters in Gen.OneOf(Gen.Constant(false), Gen.Constant(true))
        from sizes in Gen.OneOf(Gen.Constant(false), Gen.Constant(true))
        from times in Time().ArrayOf(7)
        from scheduling in Gen.OneOf(Gen.Constant<TimeSpan?>(null), Time().Select(static t => (TimeSpan?)t))
        from busy in Gen.Choose(0, 100)
        select new RedisLatencyEvidence
        {
            Commands = ["GET"],
            Operations = operations,
            Observed = observed,
            Execution = server ? times[0] : null,
            BusyPercent = server ? busy : null,
            RoundTripFloor = ping ? times[1] : null,
            RoundTripExcess = ping ? times[2] : null,
            ExcessWhileBusy = server && ping ? busy / 100.0 : null,
            SchedulingDelay = scheduling,
            Unsent = counters ? times[3] : null,
            AwaitingCompletion = counters ? times[4] : null,
            Transfer = sizes ? times[5] : null,
            BehindLargeReplies = sizes ? times[6] : null,
        };

    private static Gen<TimeSpan> Time() => Gen.OneOf(
        Gen.Constant(TimeSpan.Zero),
        Gen.Choose(1, 1000).Select(static ticks => TimeSpan.FromTicks(ticks)),
        Gen.Choose(1, 10_000).Select(static microseconds => TimeSpan.FromMicroseconds(microseconds)),
        Gen.Choose(1, 1_000_000).Select(static ms => TimeSpan.FromMilliseconds(ms)));
}
