using NSubstitute;
using NSubstitute.ExceptionExtensions;
using StackExchange.Redis;

namespace Monitoring.Redis.Tests.Decorators;

public abstract partial class MonitoredRedisBehaviour
{
    private readonly TaskCompletionSource<RedisValue> _firstReply = new();
    private readonly TaskCompletionSource<bool> _secondReply = new();

    private (IBatch Monitored, IBatch Inner) Batch()
    {
        var inner = Substitute.For<IBatch>();
        inner.StringGetAsync("a").Returns(_firstReply.Task);
        inner.KeyDeleteAsync("b").Returns(_secondReply.Task);
        _setting.Database.CreateBatch().Returns(inner);
        return (_setting.Db.CreateBatch(), inner);
    }

    private (ITransaction Monitored, ITransaction Inner) Transaction()
    {
        var inner = Substitute.For<ITransaction>();
        inner.StringGetAsync("a").Returns(_firstReply.Task);
        _setting.Database.CreateTransaction().Returns(inner);
        return (_setting.Db.CreateTransaction(), inner);
    }

    [Fact]
    public async Task A_batch_is_one_PIPELINE_from_Execute_to_the_last_completion()
    {
        var (batch, inner) = Batch();
        var (first, second) = (batch.StringGetAsync("a"), batch.KeyDeleteAsync("b"));
        batch.Execute();

        inner.Received(1).Execute();
        _firstReply.SetResult("value");
        (await first).Should().Be("value");
        _setting.Summary.TotalOperations.Should().Be(0);
        _secondReply.SetResult(true);
        (await second).Should().BeTrue();

        _setting.Summary.OperationsByType.Keys.Should().Equal("PIPELINE");
        _setting.Operation("PIPELINE").Count.Should().Be(1);
        _setting.Operation("PIPELINE").Items.Should().Be(2);
    }

    [Fact]
    public async Task A_batch_fails_with_the_first_of_its_commands_that_failed()
    {
        var (batch, _) = Batch();
        var (first, second) = (batch.StringGetAsync("a"), batch.KeyDeleteAsync("b"));
        batch.Execute();
        _firstReply.SetException(new RedisServerException("WRONGTYPE nope"));
        _secondReply.SetResult(true);

        await first.Invoking(t => t).Should().ThrowAsync<RedisServerException>();
        (await second).Should().BeTrue();
        _setting.Operation("PIPELINE").Errors.Should().ContainKey("WRONGTYPE");
    }

    [Fact]
    public async Task An_open_circuit_refuses_a_batch_at_Execute_and_leaves_no_task_waiting()
    {
        var (batch, inner) = Batch();
        _setting.OpenCircuit();
        var (first, second) = (batch.StringGetAsync("a"), batch.KeyDeleteAsync("b"));

        batch.Invoking(b => b.Execute()).Should().Throw<RedisCircuitOpenException>();

        inner.DidNotReceive().Execute();
        await first.Invoking(t => t).Should().ThrowAsync<RedisCircuitOpenException>();
        await second.Invoking(t => t).Should().ThrowAsync<RedisCircuitOpenException>();
        _setting.Operation("PIPELINE").FailuresByKind.Rejected.Should().Be(1);
    }

    [Fact]
    public async Task A_batch_that_cannot_be_sent_leaves_no_task_waiting()
    {
        var (batch, inner) = Batch();
        inner.When(b => b.Execute()).Throw(new ObjectDisposedException("multiplexer"));
        var first = batch.StringGetAsync("a");

        batch.Invoking(b => b.Execute()).Should().Throw<ObjectDisposedException>();

        await first.Invoking(t => t).Should().ThrowAsync<ObjectDisposedException>();
        _setting.Operation("PIPELINE").FailuresByKind.Connection.Should().Be(1);
    }

    [Fact]
    public async Task A_batch_may_be_executed_again()
    {
        var (batch, _) = Batch();
        var first = batch.StringGetAsync("a");
        batch.Execute();
        _firstReply.SetResult("value");
        await first;
        var second = batch.KeyDeleteAsync("b");
        batch.Execute();
        _secondReply.SetResult(true);
        await second;

        _setting.Operation("PIPELINE").Count.Should().Be(2);
        _setting.Operation("PIPELINE").Items.Should().Be(2);
    }

    [Fact]
    public async Task A_transaction_is_one_MULTI()
    {
        var (transaction, inner) = Transaction();
        var executed = new TaskCompletionSource<bool>();
        inner.ExecuteAsync().Returns(executed.Task);

        var first = transaction.StringGetAsync("a");
        var outcome = transaction.ExecuteAsync();
        _firstReply.SetResult("value");
        executed.SetResult(true);

        (await outcome).Should().BeTrue();
        (await first).Should().Be("value");
        _setting.Summary.OperationsByType.Keys.Should().Equal("MULTI");
        _setting.Operation("MULTI").Failures.Should().Be(0);
    }

    [Fact]
    public async Task A_condition_that_does_not_hold_is_no_failure()
    {
        var (transaction, inner) = Transaction();
        inner.Execute().Returns(false);

        var first = transaction.StringGetAsync("a");
        transaction.AddCondition(Condition.KeyExists("a"));
        transaction.Execute().Should().BeFalse();
        _firstReply.SetCanceled();

        await first.Invoking(t => t).Should().ThrowAsync<TaskCanceledException>();
        _setting.Operation("MULTI").Count.Should().Be(1);
        _setting.Operation("MULTI").Failures.Should().Be(0);
    }

    [Fact]
    public async Task An_open_circuit_refuses_a_transaction_and_leaves_no_task_waiting()
    {
        var (transaction, inner) = Transaction();
        _setting.OpenCircuit();

        var first = transaction.StringGetAsync("a");
        var outcome = transaction.ExecuteAsync();

        await outcome.Invoking(t => t).Should().ThrowAsync<RedisCircuitOpenException>();
        await first.Invoking(t => t).Should().ThrowAsync<RedisCircuitOpenException>();
        await inner.DidNotReceiveWithAnyArgs().ExecuteAsync();
        transaction.Invoking(t => { t.StringGetAsync("a"); t.Execute(); }).Should().Throw<RedisCircuitOpenException>();
        _setting.Operation("MULTI").FailuresByKind.Rejected.Should().Be(2);
    }

    [Fact]
    public async Task A_transaction_whose_multiplexer_is_gone_leaves_no_task_waiting()
    {
        var (transaction, inner) = Transaction();
        inner.ExecuteAsync().Throws(new ObjectDisposedException("multiplexer"));
        var first = transaction.StringGetAsync("a");

        await transaction.Invoking(t => t.ExecuteAsync()).Should().ThrowAsync<ObjectDisposedException>();

        await first.Invoking(t => t).Should().ThrowAsync<ObjectDisposedException>();
        _setting.Operation("MULTI").FailuresByKind.Connection.Should().Be(1);
    }

    [Fact]
    public void Making_a_batch_or_a_transaction_asks_no_circuit()
    {
        _setting.OpenCircuit();

        _setting.Db.CreateBatch().Should().NotBeNull();
        _setting.Db.CreateTransaction().Should().NotBeNull();
    }
}
