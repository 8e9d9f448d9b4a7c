using Monitoring.TaskQueues;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>What would be said to new work, by queue and priority.</summary>
internal sealed record AdmissionResponse(IReadOnlyList<AdmissionDecision> Decisions)
{
    public static AdmissionResponse Of(IAdmission admission, IEnumerable<string> queues) =>
        new([.. from queue in queues from priority in Enum.GetValues<TaskPriority>() select admission.Preview(priority, queue)]);
}
