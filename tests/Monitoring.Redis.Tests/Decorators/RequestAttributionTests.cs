using System.Diagnostics;
using Monitoring.Redis.Decorators;
using Monitoring.Requests;
using NSubstitute;
using StackExchange.Redis;

namespace Monitoring.Redis.Tests.Decorators;

/// <summary>Which request the time of a command is added to.</summary>
public sealed class RequestAttributionTests : IDisposable
{
    private readonly PerformanceMonitor _monitor = PerformanceMonitor.Create();
    private readonly RedisConnection _connection;

    public RequestAttributionTests() => _connection = new RedisConnection(
        Substitute.For<IConnectionMultiplexer>(), _monitor, new RedisConnectionOptions { Name = "test", UseDiagnostics = false }, ownsInner: false);

    private RedisFunnel Funnel => _connection.Funnel;

    [Fact]
    public async Task A_command_belongs_to_the_request_that_it_began_in_wherever_its_answer_comes()
    {
        var source = new TaskCompletionSource<RedisValue>();
        using var activity = new Activity("request").Start();
        var request = OperationState.Begin("GET /orders", activity);
        Task<RedisValue> pending;
        using (new Activity("inner").Start())
        {
            pending = Send(source.Task);
            Funnel.Call(RedisCommands.GET, CommandFlags.None, "key", 1, static _ => true);
        }

        // The answer comes on a thread that knows nothing of the request.
        Activity.Current = null;
        await Task.Run(() => source.SetResult("value"));
        await pending;

        var totals = request.End(wantsPhases: false, out _);
        totals.RedisCommands.Should().Be(2);
        totals.RedisTicks.Should().BePositive();
    }

    [Fact]
    public async Task A_failed_command_took_its_time_and_one_whose_answer_comes_after_the_request_is_nobodys()
    {
        var late = new TaskCompletionSource<RedisValue>();
        using var activity = new Activity("request").Start();
        var first = OperationState.Begin("first", activity);
        var pending = Send(late.Task);
        await Assert.ThrowsAsync<RedisTimeoutException>(() => Send(Task.FromException<RedisValue>(new RedisTimeoutException("late", CommandStatus.Sent))));
        first.End(wantsPhases: false, out _).RedisCommands.Should().Be(1);

        using var next = new Activity("next").Start();
        var second = OperationState.Begin("second", next);
        late.SetResult("value");
        await pending;

        second.End(wantsPhases: false, out _).RedisCommands.Should().Be(0);
    }

    [Fact]
    public void A_command_outside_of_a_request_is_recorded_all_the_same()
    {
        Funnel.Call(RedisCommands.GET, CommandFlags.None, "key", 1, static _ => true);

        _monitor.Redis.GetSummary().TotalOperations.Should().Be(1);
    }

    public void Dispose()
    {
        _connection.Dispose();
        _monitor.Dispose();
    }

    private Task<RedisValue> Send(Task<RedisValue> answer) => Funnel.CallAsync(RedisCommands.GET, CommandFlags.None, "key", null, answer, static task => task);
}
