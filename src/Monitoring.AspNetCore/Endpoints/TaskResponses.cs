using Monitoring.TaskQueues;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>The queues after a change.</summary>
internal sealed record TaskQueuesResponse(IReadOnlyList<TaskQueueState> Queues);

/// <summary>Whether a queue is paused.</summary>
internal sealed record TaskQueueState(string Name, bool IsPaused);

/// <summary>The dead letters of the queues asked for.</summary>
internal sealed record DeadLettersResponse(IReadOnlyList<QueueDeadLetters> Queues);

/// <summary>The dead letters of one queue, newest first.</summary>
internal sealed record QueueDeadLetters(string Name, IReadOnlyList<DeadLetter> DeadLetters);

/// <summary>How many dead letters were enqueued again.</summary>
internal sealed record RedriveResponse(int Redriven);
