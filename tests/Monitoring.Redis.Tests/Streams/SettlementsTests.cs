using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Redis.Streams;
using Monitoring.TaskQueues;
using Monitoring.Telemetry;
using Monitoring.TestSupport;
using StackExchange.Redis;

namespace Monitoring.Redis.Tests.Streams;

public sealed class SettlementsTests
{
    private static readonly HeldTask Task = new() { Priority = TaskPriority.Normal, EntryId = "1-0", TaskId = "a" };

    private readonly FakeClock _clock = new();
    private readonly HeldTasks _held = new();
    private readonly InternalErrors _errors;
    private readonly Settlements _settlements;
    private int _tries;

    public SettlementsTests()
    {
        _errors = new InternalErrors(NullLogger.Instance, _clock);
        _settlements = new Settlements(_held, _clock, _errors);
        _held.TryAdd(Task).Should().BeTrue();
    }

    [Fact]
    public async Task What_the_server_heard_is_not_held_any_more()
    {
        await _settlements.SettleAsync(Task, TryAsync(failures: 0));

        (_tries, _held.Count, _settlements.Repeating, _errors.Count).Should().Be((1, 0, 0, 0));
    }

    [Fact]
    public async Task An_absent_server_is_told_again_and_the_entry_is_held_until_then()
    {
        await _settlements.SettleAsync(Task, TryAsync(failures: 3));
        (_tries, _held.Count, _settlements.Repeating).Should().Be((1, 1, 1));

        await AdvanceUntilSettledAsync();

        (_tries, _held.Count, _settlements.Repeating, _errors.Count).Should().Be((4, 0, 0, 3));
    }

    [Fact]
    public async Task After_ten_minutes_the_entry_is_left_to_be_delivered_again()
    {
        await _settlements.SettleAsync(Task, TryAsync(failures: int.MaxValue));

        var started = _clock.GetUtcNow();
        await AdvanceUntilSettledAsync();

        _held.Count.Should().Be(0);
        (_clock.GetUtcNow() - started).Should().BeGreaterThan(TimeSpan.FromMinutes(10));
        _tries.Should().BeGreaterThan(100);
    }

    [Fact]
    public async Task At_the_end_nothing_is_repeated_any_more()
    {
        await _settlements.SettleAsync(Task, TryAsync(failures: int.MaxValue));

        _settlements.Dispose();
        await EventuallyAsync(() => _settlements.Repeating == 0);

        (_tries, _held.Count, _settlements.Repeating).Should().Be((1, 0, 0));
    }

    private Func<HeldTask, Task> TryAsync(int failures) =>
        _ => ++_tries > failures ? System.Threading.Tasks.Task.CompletedTask : throw new RedisConnectionException(ConnectionFailureType.SocketClosed, "away");

    // What a timer of the clock sets going may go on on another thread.
    private Task AdvanceUntilSettledAsync() => EventuallyAsync(() =>
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        return _settlements.Repeating == 0;
    });

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        while (!condition())
        {
            System.Diagnostics.Stopwatch.GetElapsedTime(started).Should().BeLessThan(TimeSpan.FromSeconds(60));
            await System.Threading.Tasks.Task.Delay(1);
        }
    }
}
