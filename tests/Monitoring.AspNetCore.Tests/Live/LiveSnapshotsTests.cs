using Monitoring.AspNetCore.Live;
using Monitoring.TestSupport;

namespace Monitoring.AspNetCore.Tests.Live;

public sealed class LiveSnapshotsTests
{
    private static readonly LiveTurn Redis = new(LivePage.Redis, TimeSpan.FromMinutes(5));

    private readonly FakeClock _clock = new();

    [Fact]
    public async Task Within_a_second_a_page_is_taken_once_and_another_window_is_another_page()
    {
        var taken = 0;
        var snapshots = new LiveSnapshots(_clock, _ => [(byte)++taken]);

        var first = await snapshots.Get(Redis).Snapshot;
        _clock.Advance(TimeSpan.FromMilliseconds(999));
        (await snapshots.Get(Redis).Snapshot).Should().BeSameAs(first);
        (await snapshots.Get(Redis with { Window = TimeSpan.FromMinutes(1) }).Snapshot).Should().Equal(2);
        (await snapshots.Get(Redis with { Page = LivePage.Queue }).Snapshot).Should().Equal(3);
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        (await snapshots.Get(Redis).Snapshot).Should().Equal(4);
    }

    [Fact]
    public async Task Many_threads_that_ask_at_once_wait_for_one_who_takes_it()
    {
        const int Threads = 8;
        var (taken, round) = (0, 0);
        var snapshots = new LiveSnapshots(_clock, _ => [(byte)Interlocked.Increment(ref taken)]);
        var answers = new byte[Threads][];
        using var barrier = new Barrier(Threads, _ =>
        {
            answers.Should().OnlyContain(answer => answer == null || answer == answers[0]);
            _clock.Advance(TimeSpan.FromSeconds(1));
            round++;
        });

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(() =>
        {
            for (var i = 0; i < 200; i++)
            {
                barrier.SignalAndWait();
                answers[thread] = snapshots.Get(Redis).Snapshot.GetAwaiter().GetResult();
            }
        }, TaskCreationOptions.LongRunning)));

        taken.Should().Be(round);
    }

    [Fact]
    public async Task What_goes_wrong_is_told_to_all_and_tried_again_in_the_next_second()
    {
        var taken = 0;
        var snapshots = new LiveSnapshots(_clock, _ => ++taken == 1 ? throw new InvalidOperationException() : [1]);

        var (first, second) = (snapshots.Get(Redis).Snapshot, snapshots.Get(Redis).Snapshot);
        await first.Awaiting(static task => task).Should().ThrowAsync<InvalidOperationException>();
        second.Should().BeSameAs(first);
        _clock.Advance(TimeSpan.FromSeconds(1));

        (await snapshots.Get(Redis).Snapshot).Should().Equal(1);
    }
}
