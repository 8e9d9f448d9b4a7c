using Microsoft.Extensions.DependencyInjection;

namespace Monitoring.TaskQueues;

internal sealed class DelegateTask(Func<CancellationToken, ValueTask> work, string typeName, TaskPriority priority, TimeSpan? timeout)
    : BackgroundTask(typeName, priority, timeout)
{
    public const string DefaultTypeName = "delegate";

    internal override ValueTask InvokeAsync(IServiceScopeFactory scopes, int maxAttempts, CancellationToken cancellationToken) =>
        work(cancellationToken);
}

internal sealed class ScopedDelegateTask(Func<IServiceProvider, CancellationToken, ValueTask> work, string typeName, TaskPriority priority, TimeSpan? timeout)
    : BackgroundTask(typeName, priority, timeout)
{
    internal override async ValueTask InvokeAsync(IServiceScopeFactory scopes, int maxAttempts, CancellationToken cancellationToken)
    {
        // An exception while the scope is disposed fails the attempt: a unit of work may commit there.
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            await work(scope.ServiceProvider, cancellationToken).ConfigureAwait(false);
        }
    }
}
