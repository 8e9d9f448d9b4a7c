using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>Serves the members behind which a command stands. A member that the table does not know yet goes by its own name.</summary>
[RequiresDynamicCode("Makes generic methods at run time.")]
[RequiresUnreferencedCode("Finds members by reflection.")]
internal static class ProxyCommand
{
    /// <summary>How the member is served; null when it is no command.</summary>
    public static ProxyCall? Plan(MethodInfo method, bool queued)
    {
        var rule = FindRule(method);
        if (rule is { IsCommand: false } || (rule is null && !LooksLikeCommand(method)))
        {
            return null;
        }

        var returned = method.ReturnType;
        var recorder = Recorder(method, rule);
        if (queued && typeof(Task).IsAssignableFrom(returned))
        {
            return Make(returned == typeof(Task) ? nameof(Queue) : nameof(QueueOf), method, recorder);
        }

        return returned switch
        {
            _ when queued => null,
            _ when IsScan(returned) => Make(nameof(Enumerate), method, recorder),
            _ when returned == typeof(Task) => Make(nameof(SendAsync), method, recorder),
            { IsGenericType: true } when returned.GetGenericTypeDefinition() == typeof(Task<>) => Make(nameof(CallAsync), method, recorder),
            _ => Make(nameof(Call), method, recorder),
        };
    }

    private static CommandRule? FindRule(MethodInfo method)
    {
        var name = method.IsSpecialName ? method.Name[(method.Name.IndexOf('_') + 1)..] : method.Name;
        name = name.EndsWith("Async", StringComparison.Ordinal) ? name[..^"Async".Length] : name;
        var types = method.GetParameters().Select(static p => p.ParameterType).Append(method.ReturnType).Select(MemberSignature.SimpleName).ToList();
        return RedisCommands.Rules.FirstOrDefault(r => r.Member == name && (r.ParameterType is null || types.Contains(r.ParameterType)));
    }

    // Commands take flags; what does not is local.
    private static bool LooksLikeCommand(MethodInfo method) =>
        !method.IsSpecialName
        && method.GetParameters().Any(static p => p.ParameterType == typeof(CommandFlags))
        && !method.IsGenericMethod
        && !method.GetParameters().Any(static p => p.ParameterType.IsByRef);

    private static bool IsScan(Type type) =>
        type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(IEnumerable<>) || type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>));

    private static Func<RedisFunnel, object?[], RedisOperationRecorder> Recorder(MethodInfo method, CommandRule? rule)
    {
        if (rule is null)
        {
            return (funnel, _) => funnel.Named(method.Name);
        }

        var index = Array.FindIndex(method.GetParameters(), p => p.Name == rule.Argument);
        if (rule.Commands.Length == 0)
        {
            return (funnel, arguments) => funnel.Named(index < 0 ? method.Name : arguments[index] as string ?? "");
        }

        return (funnel, arguments) =>
        {
            var choice = index < 0 ? 0 : Convert.ToInt32(arguments[index], CultureInfo.InvariantCulture);
            return funnel[rule.Commands[(uint)choice < rule.Commands.Length ? choice : 0]];
        };
    }

    private static ProxyCall Make(string kind, MethodInfo method, Func<RedisFunnel, object?[], RedisOperationRecorder> recorder)
    {
        var flags = Array.FindIndex(method.GetParameters(), static p => p.ParameterType == typeof(CommandFlags));
        var maker = typeof(ProxyCommand).GetMethod(kind, BindingFlags.Static | BindingFlags.NonPublic)!;
        if (maker.IsGenericMethod)
        {
            maker = maker.MakeGenericMethod(method.ReturnType.GetGenericArguments()[0]);
        }

        return (ProxyCall)maker.Invoke(null, [new CommandPlan(method, flags, recorder)])!;
    }

    private static ProxyCall Queue(CommandPlan plan) => (target, arguments) => target.Pipeline!.Queue((Task)target.Forward(plan.Method, arguments)!);

    private static ProxyCall QueueOf<T>(CommandPlan plan) => (target, arguments) => target.Pipeline!.Queue((Task<T>)target.Forward(plan.Method, arguments)!);

    private static ProxyCall Enumerate(CommandPlan plan) => (target, arguments) =>
        target.Factory.Funnel.Enumerate(plan.Recorder(target.Factory.Funnel, arguments), target.Forward(plan.Method, arguments));

    private static ProxyCall Call(CommandPlan plan) => (target, arguments) => target.Factory.Funnel.Call(
        plan.Recorder(target.Factory.Funnel, arguments), plan.FlagsOf(arguments), (target, plan.Method, arguments),
        static s => s.target.Forward(s.Method, s.arguments));

    private static ProxyCall SendAsync(CommandPlan plan) => (target, arguments) => target.Factory.Funnel.SendAsync(
        plan.Recorder(target.Factory.Funnel, arguments), plan.FlagsOf(arguments), target.AsyncState, (target, plan.Method, arguments),
        static s => (Task)s.target.Forward(s.Method, s.arguments)!);

    private static ProxyCall CallAsync<T>(CommandPlan plan) => (target, arguments) => target.Factory.Funnel.CallAsync(
        plan.Recorder(target.Factory.Funnel, arguments), plan.FlagsOf(arguments), target.AsyncState, (target, plan.Method, arguments),
        static s => (Task<T>)s.target.Forward(s.Method, s.arguments)!);

    private sealed record CommandPlan(MethodInfo Method, int FlagsIndex, Func<RedisFunnel, object?[], RedisOperationRecorder> Recorder)
    {
        public CommandFlags FlagsOf(object?[] arguments) => FlagsIndex < 0 ? CommandFlags.None : (CommandFlags)arguments[FlagsIndex]!;
    }
}
