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
        var command = Command(method, rule);
        if (queued && typeof(Task).IsAssignableFrom(returned))
        {
            return Make(returned == typeof(Task) ? nameof(Queue) : nameof(QueueOf), method, command);
        }

        return returned switch
        {
            _ when queued => null,
            _ when IsScan(returned) => Make(nameof(Enumerate), method, command),
            _ when returned == typeof(Task) => Make(nameof(SendAsync), method, command),
            { IsGenericType: true } when returned.GetGenericTypeDefinition() == typeof(Task<>) => Make(nameof(CallAsync), method, command),
            _ => Make(nameof(Call), method, command),
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

    private static Func<object?[], CommandId> Command(MethodInfo method, CommandRule? rule)
    {
        if (rule is null)
        {
            return _ => method.Name;
        }

        var index = Array.FindIndex(method.GetParameters(), p => p.Name == rule.Argument);
        if (rule.Commands.Length == 0)
        {
            return arguments => index < 0 ? method.Name : arguments[index] as string;
        }

        return arguments =>
        {
            var choice = index < 0 ? 0 : Convert.ToInt32(arguments[index], CultureInfo.InvariantCulture);
            return rule.Commands[(uint)choice < rule.Commands.Length ? choice : 0];
        };
    }

    private static ProxyCall Make(string kind, MethodInfo method, Func<object?[], CommandId> command)
    {
        var maker = typeof(ProxyCommand).GetMethod(kind, BindingFlags.Static | BindingFlags.NonPublic)!;
        if (maker.IsGenericMethod)
        {
            maker = maker.MakeGenericMethod(method.ReturnType.GetGenericArguments()[0]);
        }

        return (ProxyCall)maker.Invoke(null, [new CommandPlan(method, command)])!;
    }

    private static ProxyCall Queue(CommandPlan plan) => (target, arguments) => target.Pipeline!.Queue((Task)target.Forward(plan.Method, arguments)!);

    private static ProxyCall QueueOf<T>(CommandPlan plan) => (target, arguments) => target.Pipeline!.Queue(
        (Task<T>)target.Forward(plan.Method, arguments)!, plan.Published(target, arguments));

    private static ProxyCall Enumerate(CommandPlan plan) => (target, arguments) =>
        target.Funnel.Enumerate(plan.Command(arguments), plan.FlagsOf(arguments), plan.KeyOf(arguments), target.Forward(plan.Method, arguments));

    private static ProxyCall Call(CommandPlan plan) => (target, arguments) => target.Funnel.Call(
        plan.Command(arguments), plan.FlagsOf(arguments), plan.KeyOf(arguments), (target, plan, arguments),
        static s => s.plan.Send(s.target, s.arguments), plan.Sends ? static s => s.plan.SizeOf(s.arguments) : null);

    private static ProxyCall SendAsync(CommandPlan plan) => (target, arguments) => target.Funnel.SendAsync(
        plan.Command(arguments), plan.FlagsOf(arguments), plan.KeyOf(arguments), target.AsyncState, (target, plan, arguments),
        static s => (Task)s.plan.Send(s.target, s.arguments)!, plan.Sends ? static s => s.plan.SizeOf(s.arguments) : null);

    private static ProxyCall CallAsync<T>(CommandPlan plan) => (target, arguments) => target.Funnel.CallAsync(
        plan.Command(arguments), plan.FlagsOf(arguments), plan.KeyOf(arguments), target.AsyncState, (target, plan, arguments),
        static s => (Task<T>)s.plan.Send(s.target, s.arguments)!, plan.Sends ? static s => s.plan.SizeOf(s.arguments) : null);
}
