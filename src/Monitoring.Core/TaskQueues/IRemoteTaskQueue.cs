using Monitoring.TaskQueues.Recording;

namespace Monitoring.TaskQueues;

/// <summary>What the monitor needs of a queue that a server keeps for any number of processes. Thread-safe.</summary>
internal interface IRemoteTaskQueue : IManagedTaskQueue
{
    /// <summary>What keeps the queue, such as <c>redis-streams</c>.</summary>
    string System { get; }

    /// <summary>Tasks that it may hold.</summary>
    int Capacity { get; }

    /// <summary>What is known of the other processes that work on it; cheap to ask.</summary>
    RemoteActivity Elsewhere { get; }

    /// <summary>Where the queue reports what only it sees: deliveries after the first, and tasks that it gives up itself.</summary>
    QueueMonitor? Monitor { set; }
}

/// <summary>The other processes of a queue that a server keeps.</summary>
/// <param name="Workers">Their workers.</param>
/// <param name="Running">Tasks that they have been given and not settled.</param>
internal readonly record struct RemoteActivity(int Workers, int Running);
