using Monitoring.TaskQueues;

namespace WebhookService.Events;

/// <summary>How the events of a repository are treated.</summary>
internal sealed record RepositorySettings(TaskPriority Priority)
{
    public static RepositorySettings Default { get; } = new(TaskPriority.Normal);
}
