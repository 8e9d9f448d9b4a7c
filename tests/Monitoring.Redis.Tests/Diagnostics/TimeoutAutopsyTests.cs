using Monitoring.Redis.Diagnostics;
using StackExchange.Redis;

namespace Monitoring.Redis.Tests.Diagnostics;

public sealed class TimeoutAutopsyTests
{
    private static readonly TimeSpan Elapsed = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Figures of real timeouts: provoked on redis-server 7.0 with 2.13.23, or quoted in the issue named, with the cause
    /// that was found there.
    /// </summary>
    public static TheoryData<string, RedisTimeoutCause, string> Recorded => new()
    {
        // Provoked.
        { "server stopped", RedisTimeoutCause.ServerBusy, "qu: 0, qs: 3, bw: Inactive, rs: ReadAsync, ws: Idle, in: 0, in-pipe: 0, last-in: 4, cur-in: 0, conn-sec: 1.06, WORKER: (Busy=1,Free=32766,Min=8,Max=32767), POOL: (Threads=3,QueuedItems=0,CompletedItems=18,Timers=1)" },
        { "100 MB over a slow network", RedisTimeoutCause.HeadOfLineBlocking, "qu: 0, qs: 2, bw: Inactive, rs: ReadAsync, ws: Idle, in: 0, in-pipe: 702464, last-in: 4, cur-in: 702464, conn-sec: 1, WORKER: (Busy=2,Free=32765,Min=8,Max=32767), POOL: (Threads=7,QueuedItems=1,CompletedItems=676,Timers=2)" },
        { "the same on a busy machine", RedisTimeoutCause.HeadOfLineBlocking, "qu: 0, qs: 2, bw: Inactive, rs: ReadAsync, ws: Idle, in: 16384, in-pipe: 650907, last-in: 349, cur-in: 650907, conn-sec: 1.01, WORKER: (Busy=4,Min=2), POOL: (QueuedItems=2)" },
        { "all threads blocked", RedisTimeoutCause.ThreadPoolStarvation, "qu: 0, qs: 1, bw: Inactive, rs: ReadAsync, ws: Idle, in: 5, in-pipe: 0, last-in: 4, cur-in: 0, conn-sec: 0.8, WORKER: (Busy=9,Free=32758,Min=2,Max=32767), POOL: (Threads=9,QueuedItems=194,CompletedItems=748,Timers=2)" },
        { "sync over async", RedisTimeoutCause.ThreadPoolStarvation, "qu: 0, qs: 60, bw: SpinningDown, rs: ReadAsync, ws: Idle, in: 300, in-pipe: 0, last-in: 349, cur-in: 0, conn-sec: 12.03, WORKER: (Busy=60,Free=32707,Min=2,Max=32767), POOL: (Threads=61,QueuedItems=1,CompletedItems=965,Timers=1)" },
        { "sync over async, as the pool got its turn at last", RedisTimeoutCause.ThreadPoolStarvation, "qu: 0, qs: 60, bw: SpinningDown, rs: DequeueResult, ws: Idle, in: 0, in-pipe: 300, last-in: 349, cur-in: 300, conn-sec: 12.06, WORKER: (Busy=54,Free=32713,Min=2,Max=32767), POOL: (Threads=61,QueuedItems=0,CompletedItems=763,Timers=1)" },
        { "server killed", RedisTimeoutCause.ConnectionLoss, "qu: 0, qs: 0, bw: CheckingForTimeout, last-in: 0, cur-in: 0, conn-sec: n/a, status: WaitingInBacklog, WORKER: (Busy=1,Free=32766,Min=8,Max=32767), POOL: (Threads=61,QueuedItems=0,CompletedItems=1107,Timers=3)" },
        { "never connected", RedisTimeoutCause.ConnectionLoss, "qu: 1, qs: 0, bw: SpinningDown, last-in: 0, cur-in: 0, conn-sec: n/a, status: WaitingInBacklog, WORKER: (Busy=1,Free=32766,Min=8,Max=32767), POOL: (Threads=61,QueuedItems=0,CompletedItems=1267,Timers=1)" },

        // Client 2.0 and 2.1: no POOL, no last-in.
        { "#1297", RedisTimeoutCause.ThreadPoolStarvation, "qu: 0, qs: 11, rs: ReadAsync, ws: Idle, in: 1454, in-pipe: 0, WORKER: (Busy=141,Free=32626,Min=2,Max=32767)" },
        { "#1334", RedisTimeoutCause.ServerBusy, "qu: 0, qs: 7, rs: ReadAsync, ws: Idle, in: 0, in-pipe: 0, WORKER: (Busy=7,Free=32760,Min=1000,Max=32767)" },
        { "#1711", RedisTimeoutCause.HeadOfLineBlocking, "qs: 2784, rs: TryParseResult, ws: Idle, in: 131072, in-pipe: 2465792, WORKER: (Busy=2,Free=1021,Min=300,Max=1023)" },
        { "#2317", RedisTimeoutCause.ThreadPoolStarvation, "qu: 0, qs: 4, rs: CompletePendingMessageSync, ws: Idle, in: 0, in-pipe: 1176, WORKER: (Busy=49,Free=32718,Min=4,Max=32767)" },

        // Client 2.5 to 2.8.
        { "#2214", RedisTimeoutCause.ThreadPoolStarvation, "qu: 0, qs: 0, bw: SpinningDown, rs: ReadAsync, ws: Idle, in: 5377, WORKER: (Busy=120,Free=32647,Min=100,Max=32767), POOL: (Threads=120,QueuedItems=20377,CompletedItems=40296)" },
        { "#2408", RedisTimeoutCause.ConnectionLoss, "qu: 0, qs: 0, bw: CheckingForTimeout, last-in: 0, cur-in: 0, conn-sec: n/a, WORKER: (Busy=2,Free=32765,Min=32,Max=32767), POOL: (Threads=18,QueuedItems=0,CompletedItems=65)" },
        { "#2559", RedisTimeoutCause.ThreadPoolStarvation, "qu: 1, qs: 85, bw: CheckingForTimeoutComplete, rs: DequeueResult, ws: Writing, in: 0, in-pipe: 7953, last-in: 1, cur-in: 5310, conn-sec: 265.09, WORKER: (Busy=46,Free=32721,Min=12,Max=32767), POOL: (Threads=61,QueuedItems=101,CompletedItems=101976,Timers=414)" },
        { "#2586", RedisTimeoutCause.HeadOfLineBlocking, "qu: 0, qs: 0, bw: SpinningDown, rs: ReadAsync, ws: Idle, in: 131072, WORKER: (Busy=1,Free=32766,Min=256,Max=32767)" },
        { "#2687", RedisTimeoutCause.HeadOfLineBlocking, "qu: 36, qs: 1147, bw: WritingMessage, rs: DequeueResult, ws: Writing, in: 5046111, in-pipe: 1998848, last-in: 0, cur-in: 1828209, conn-sec: 66.12" },
        { "#2698", RedisTimeoutCause.ServerBusy, "qu: 0, qs: 81, bw: SpinningDown, rs: ReadAsync, ws: Idle, in: 0, in-pipe: 0, last-in: 1659, cur-in: 0, conn-sec: 23737.05, WORKER: (Busy=16,Free=32751,Min=500,Max=32767), POOL: (Threads=30,QueuedItems=12,CompletedItems=83240631,Timers=27)" },
        { "#2786", RedisTimeoutCause.ConnectionLoss, "qu: 7, qs: 0, bw: CheckingForTimeout, rs: ReadAsync, ws: Idle, in: 0, last-in: 28, cur-in: 0, conn-sec: 22760.71, WORKER: (Busy=37,Free=32730,Min=200,Max=32767), POOL: (Threads=47,QueuedItems=4,CompletedItems=924777304,Timers=32)" },
        { "#2797", RedisTimeoutCause.ThreadPoolStarvation, "qu: 171, qs: 0, bw: CheckingForTimeoutComplete, rs: ReadAsync, ws: Idle, in: 0, in-pipe: 0, last-in: 10, cur-in: 0, conn-sec: 456033.61, WORKER: (Busy=170,Free=32597,Min=108,Max=32767), POOL: (Threads=170,QueuedItems=47,CompletedItems=697381603,Timers=232)" },
        { "#2211, which nobody could explain", RedisTimeoutCause.Unknown, "qu: 0, qs: 0, bw: SpinningDown, rs: ReadAsync, ws: Idle, in: 0, WORKER: (Busy=2,Free=32765,Min=200,Max=32767), POOL: (Threads=6,QueuedItems=2,CompletedItems=4994697)" },
    };

    [Theory]
    [MemberData(nameof(Recorded))]
    public void Finds_the_cause_that_was_behind_a_recorded_timeout(string source, RedisTimeoutCause cause, string figures)
    {
        var diagnosis = Diagnose(figures, receivesAhead: false, elapsed: TimeSpan.FromSeconds(0.5));

        diagnosis.Cause.Should().Be(cause, "{0} was that: {1}", source, diagnosis.Explanation);
        diagnosis.Explanation.Should().EndWith(".").And.NotContain("user:4711");
    }

    [Theory]
    [InlineData("qu: 0, qs: 3, in: 0, cur-in: 0, WORKER: (Busy=1,Free=1,Min=8,Max=9)", "3 commands had been sent and nothing came back: the server, or the network to it, does not answer.")]
    [InlineData("qs: 1, in: 5, WORKER: (Busy=9,Free=1,Min=2,Max=9), POOL: (Threads=9,QueuedItems=1940)", "5 bytes had arrived and no thread had taken them: 9 threads of the pool busy where the minimum is 2, 1,940 work items waiting.")]
    [InlineData("qs: 2, in: 0, cur-in: 702464", "A large reply was coming in, 702,464 bytes so far, and 2 commands waited behind it.")]
    [InlineData("qs: 1, in: 9, last-in: 70000, WORKER: (Busy=1,Free=1,Min=2,Max=9)", "Large replies were coming in, the last of 70,000 bytes, and 1 command waited behind them.")]
    [InlineData("conn-sec: n/a, bw: CheckingForTimeout", "There was no connection to send on (backlog CheckingForTimeout).")]
    [InlineData("qs: 0, qu: 7, conn-sec: 900, status: WaitingInBacklog", "The command waited in the backlog for a connection, 7 commands in all, and no command was under way.")]
    [InlineData("qs: 2, in: 0, conn-sec: 1.25", "The connection had stood for 1.3 s only, the command had waited for 5.0 s: the one before it was lost.")]
    [InlineData("qu: 0, qs: 0, in: 0", "The figures point nowhere: not sent 0, awaiting a reply 0, bytes unread 0.")]
    public void Explains_with_the_figures_that_decided(string figures, string explanation) =>
        Diagnose(figures, receivesAhead: false).Explanation.Should().Be(explanation);

    [Fact]
    public void A_busy_pool_is_not_to_blame_when_nothing_has_arrived()
    {
        const string Stalled = "qu: 0, qs: 400, in: 0, in-pipe: 0, cur-in: 0, WORKER: (Busy=8,Free=1,Min=2,Max=9), POOL: (Threads=8,QueuedItems=350)";

        Diagnose(Stalled, receivesAhead: false).Cause.Should().Be(RedisTimeoutCause.ServerBusy, "400 callers that time out together fill any pool");
    }

    [Fact]
    public void Where_the_system_receives_ahead_no_unread_bytes_prove_nothing()
    {
        // #1486, on Windows: raising the pool's minimum made the timeouts go away.
        const string Starved = "qu: 0, qs: 48, rs: ReadAsync, ws: Idle, in: 0, WORKER: (Busy=32,Free=32735,Min=4,Max=32767)";

        Diagnose(Starved, receivesAhead: true).Cause.Should().Be(RedisTimeoutCause.ThreadPoolStarvation);
        Diagnose(Starved, receivesAhead: false).Cause.Should().Be(RedisTimeoutCause.ServerBusy);
    }

    [Fact]
    public void Bytes_unread_beside_an_idle_pool_are_left_undecided() =>
        Diagnose("qs: 1, in: 7, WORKER: (Busy=1,Free=1,Min=8,Max=9), POOL: (Threads=3,QueuedItems=0)", receivesAhead: false)
            .Should().Match<RedisTimeoutDiagnosis>(d => d.Cause == RedisTimeoutCause.Unknown && d.Explanation.Contains("garbage collection"));

    [Fact]
    public void A_large_reply_that_a_starved_pool_does_not_read_is_starvation()
    {
        const string Figures = "qs: 9, in: 131072, in-pipe: 0, cur-in: 0, POOL: (Threads=9,QueuedItems=194), WORKER: ";

        Diagnose(Figures + "(Busy=9,Free=1,Min=2,Max=9)", receivesAhead: false).Cause.Should().Be(RedisTimeoutCause.ThreadPoolStarvation);
        Diagnose(Figures + "(Busy=1,Free=1,Min=2,Max=9)", receivesAhead: false).Cause.Should().Be(RedisTimeoutCause.HeadOfLineBlocking);
    }

    [Fact]
    public void A_large_reply_of_the_past_does_not_explain_a_silent_server() =>
        Diagnose("qu: 0, qs: 2, in: 0, in-pipe: 0, last-in: 50000000, cur-in: 0", receivesAhead: false).Cause.Should().Be(RedisTimeoutCause.ServerBusy);

    [Fact]
    public void Reads_every_figure()
    {
        var exception = ClientFigures.Timeout("qu: 1, qs: 2, bw: SpinningDown, rs: ReadAsync, ws: Flushing, in: 3, in-pipe: 4, last-in: 5, cur-in: 6, serverEndpoint: Unspecified/redis.internal:6379, conn-sec: 1.06, WORKER: (Busy=7,Free=32766,Min=8,Max=32767), POOL: (Threads=3,QueuedItems=9,CompletedItems=18,Timers=1), status: Sent");
        exception.Data["Redis-Busy-Workers"] = "10";

        var at = DateTimeOffset.UnixEpoch;
        new TimeoutFigures(exception.Data).Read("GET", Elapsed, at).Should().Be(new RedisTimeoutDiagnosis
        {
            At = at,
            Operation = "GET",
            EndPoint = "redis.internal:6379",
            Elapsed = Elapsed,
            Explanation = "",
            CommandState = "Sent",
            UnsentCommands = 1,
            CommandsAwaitingReply = 2,
            BacklogState = "SpinningDown",
            ReaderState = "ReadAsync",
            WriterState = "Flushing",
            UnreadBytes = 3,
            UnparsedBytes = 4,
            LastReplyBytes = 5,
            CurrentReplyBytes = 6,
            IsConnected = true,
            ConnectedFor = TimeSpan.FromSeconds(1.06),
            BusyWorkers = 10,
            MinimumWorkers = 8,
            QueuedWorkItems = 9,
        });
    }

    [Theory]
    [InlineData("qs: many")]
    [InlineData("qs: -1, in: 99999999999999999999")]
    [InlineData("WORKER: Busy, POOL: (QueuedItems=), conn-sec: soon")]
    [InlineData("WORKER: (Busy=99999999999,Min=)")]
    public void A_figure_that_cannot_be_read_is_null(string figures)
    {
        var diagnosis = Diagnose(figures, receivesAhead: false);

        diagnosis.Should().Match<RedisTimeoutDiagnosis>(d =>
            d.CommandsAwaitingReply == null && d.UnreadBytes == null && d.BusyWorkers == null && d.MinimumWorkers == null && d.QueuedWorkItems == null && d.ConnectedFor == null);
        diagnosis.Cause.Should().Be(RedisTimeoutCause.Unknown);
    }

    [Fact]
    public void Reads_the_age_of_a_connection_written_in_any_culture() =>
        Diagnose("qs: 1, conn-sec: 3600,5", receivesAhead: false).ConnectedFor.Should().Be(TimeSpan.FromSeconds(3600.5));

    [Fact]
    public void Keeps_neither_the_message_nor_a_key()
    {
        var exception = ClientFigures.Timeout("qu: 0, qs: 0");
        exception.Data["Redis-Message-Next"] = "GET user:4712";

        TimeoutAutopsy.Of("GET", exception, Elapsed, default).ToString().Should().NotContain("user:");
    }

    [Fact]
    public void A_timeout_that_carries_no_figures_is_unknown_and_says_so()
    {
        TimeoutAutopsy.Of("GET", new RedisTimeoutException("late", CommandStatus.Unknown), Elapsed, default)
            .Should().Match<RedisTimeoutDiagnosis>(d => d.Cause == RedisTimeoutCause.Unknown && d.Explanation == "The exception carries no figures of the client.");
        TimeoutAutopsy.Of("GET", new TimeoutException(), Elapsed, default)
            .Should().Match<RedisTimeoutDiagnosis>(d => d.Cause == RedisTimeoutCause.Unknown && d.Explanation.StartsWith("The caller stopped waiting"));
    }

    private static RedisTimeoutDiagnosis Diagnose(string figures, bool receivesAhead, TimeSpan? elapsed = null) =>
        TimeoutRules.Judge(new TimeoutFigures(ClientFigures.Timeout(figures).Data).Read("GET", elapsed ?? Elapsed, DateTimeOffset.UnixEpoch), receivesAhead);
}
