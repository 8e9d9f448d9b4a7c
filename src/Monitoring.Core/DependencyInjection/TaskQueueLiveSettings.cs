using Monitoring.TaskQueues;

namespace Monitoring.DependencyInjection;

/// <summary>Hands the section <c>Monitoring:TaskQueue</c> to the processor of the in-process queue.</summary>
internal sealed class TaskQueueLiveSettings(TaskProcessor processor) : ILiveSettings
{
    public void Reload(MonitoringOptions options) => processor.Reload(options.TaskQueue);
}
