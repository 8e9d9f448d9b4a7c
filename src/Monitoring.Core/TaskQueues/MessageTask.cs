using Microsoft.Extensions.DependencyInjection;

namespace Monitoring.TaskQueues;

/// <summary>Carries a message to its handler. The handler's type is known statically, so trimming keeps it.</summary>
internal sealed class MessageTask<TMessage>(TMessage message, TaskPriority priority, TimeSpan? timeout)
    : BackgroundTask(typeof(TMessage).Name, priority, timeout)
    where TMessage : notnull
{
    internal override Type HandlerType => typeof(ITaskHandler<TMessage>);

    internal override Type MessageType => typeof(TMessage);

    internal override object Message => message;

    internal override async ValueTask InvokeAsync(IServiceScopeFactory scopes, int maxAttempts, CancellationToken cancellationToken)
    {
        var context = new TaskContext
        {
            Id = Id,
            TypeName = TypeName,
            Priority = Priority,
            Attempt = Attempt,
            DeliveryCount = DeliveryCount,
            MaxAttempts = maxAttempts,
        };
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            var handler = scope.ServiceProvider.GetRequiredService<ITaskHandler<TMessage>>();
            await handler.HandleAsync(message, context, cancellationToken).ConfigureAwait(false);
        }
    }
}
