using System.Reflection;
using Monitoring.Redis.Decorators;
using NSubstitute;
using StackExchange.Redis;

namespace Monitoring.Redis.Tests.Decorators;

/// <summary>Every member of every interface, through both decorators.</summary>
public sealed class ForwardingTests
{
    // These hand out something monitored instead; the trap tests look at them.
    private static readonly string[] Wrapping =
        ["get_Multiplexer", "GetDatabase", "GetServer", "GetServers", "GetSubscriber", "CreateBatch", "CreateTransaction"];

    public static TheoryData<string, string> Decorated
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var choice in Enum.GetNames<DecoratorChoice>())
            {
                foreach (var type in new[] { nameof(IConnectionMultiplexer), nameof(IDatabase), nameof(IServer), nameof(ISubscriber), nameof(IBatch), nameof(ITransaction) })
                {
                    data.Add(choice, type);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Decorated))]
    public void Every_member_forwards_its_arguments_and_returns_what_the_inner_one_returned(string choice, string type)
    {
        var (decorator, recording, interfaceType) = Decorate(Enum.Parse<DecoratorChoice>(choice), type);
        var failures = new List<string>();
        foreach (var method in Sample.MethodsOf(interfaceType).Where(m => !Wrapping.Contains(m.Name)))
        {
            object? answer = null;
            recording.Answer = (m, _) => answer = m.ReturnType == typeof(void) ? null
                : m.ReturnType == typeof(Task) ? Task.FromResult(true)
                : m.ReturnType == typeof(ValueTask) ? ValueTask.CompletedTask
                : Sample.Of(m.ReturnType);
            var arguments = method.GetParameters().Select(p => Sample.Of(p.ParameterType)).ToArray();
            var sent = arguments.ToArray();
            var calls = recording.Calls;
            var result = method.Invoke(decorator, BindingFlags.DoNotWrapExceptions, null, arguments, null);
            if (recording.Calls != calls + 1 || Definition(recording.Method!) != Definition(method))
            {
                failures.Add($"{method} called {recording.Method} {recording.Calls - calls} times");
            }
            else if (!recording.Arguments.SequenceEqual(sent))
            {
                failures.Add($"{method} changed its arguments");
            }
            else if (!Equals(result, answer) && !IsResultOf(result, answer))
            {
                failures.Add($"{method} returned something else");
            }
        }

        failures.Should().BeEmpty();
    }

    [Theory]
    [InlineData(DecoratorChoice.Automatic)]
    [InlineData(DecoratorChoice.Dynamic)]
    internal void Every_command_of_a_database_is_recorded_and_none_by_its_members_name(DecoratorChoice choice)
    {
        using var setting = new Setting(choice);
        var (inner, recording) = RecordingProxy.Create<IDatabase>();
        setting.Inner.GetDatabase(Arg.Any<int>(), Arg.Any<object?>()).Returns(inner);
        var database = setting.Db;
        foreach (var method in Sample.MethodsOf(typeof(IDatabase)).Where(m => m.GetParameters().Any(p => p.ParameterType == typeof(CommandFlags)) && m.Name != "IsConnected"))
        {
            recording.Answer = (m, _) => Sample.Of(m.ReturnType);
            var before = setting.Summary;
            method.Invoke(database, method.GetParameters().Select(p => Sample.Of(p.ParameterType)).ToArray());
            var after = setting.Summary;
            (after.TotalOperations + after.Sent).Should().Be(before.TotalOperations + before.Sent + 1, "of {0}", method);
        }

        setting.Summary.OperationsByType.Keys.Should().OnlyContain(name => !name.Any(char.IsLower));
    }

    // A batch hands out its own tasks for what is pending, and an execution's outcome.
    private static bool IsResultOf(object? result, object? answer) =>
        result is Task<bool> { IsCompletedSuccessfully: true } own && answer is Task<bool> inner && own.GetAwaiter().GetResult() == inner.GetAwaiter().GetResult();

    private static MethodInfo Definition(MethodInfo method) => method.IsGenericMethod ? method.GetGenericMethodDefinition() : method;

    private static (object Decorator, RecordingProxy Recording, Type Type) Decorate(DecoratorChoice choice, string type)
    {
        var setting = new Setting(choice);
        switch (type)
        {
            case nameof(IConnectionMultiplexer):
                var (multiplexer, recording) = RecordingProxy.Create<IConnectionMultiplexer>();
                var decorated = RedisDecoration.Decorate(multiplexer, setting.Monitor, new RedisConnectionOptions { Name = type }, null, choice);
                return (decorated, recording, typeof(IConnectionMultiplexer));
            case nameof(IServer):
                var (server, ofServer) = RecordingProxy.Create<IServer>();
                setting.Inner.GetServer("text").Returns(server);
                return (setting.Monitored.GetServer("text"), ofServer, typeof(IServer));
            case nameof(ISubscriber):
                var (subscriber, ofSubscriber) = RecordingProxy.Create<ISubscriber>();
                setting.Inner.GetSubscriber().Returns(subscriber);
                return (setting.Monitored.GetSubscriber(), ofSubscriber, typeof(ISubscriber));
            case nameof(IBatch):
                var (batch, ofBatch) = RecordingProxy.Create<IBatch>();
                setting.Database.CreateBatch().Returns(batch);
                return (setting.Db.CreateBatch(), ofBatch, typeof(IBatch));
            case nameof(ITransaction):
                var (transaction, ofTransaction) = RecordingProxy.Create<ITransaction>();
                setting.Database.CreateTransaction().Returns(transaction);
                return (setting.Db.CreateTransaction(), ofTransaction, typeof(ITransaction));
            default:
                var (database, ofDatabase) = RecordingProxy.Create<IDatabase>();
                setting.Inner.GetDatabase(Arg.Any<int>(), Arg.Any<object?>()).Returns(database);
                return (setting.Db, ofDatabase, typeof(IDatabase));
        }
    }
}
