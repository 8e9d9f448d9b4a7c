using Monitoring.Alerts;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>
/// The alerts that were asked for: those that are active, the most severe first, those that were resolved, newest first, and
/// those whose condition does not hold for long enough yet. The summary is of all that are active.
/// </summary>
internal sealed record AlertsResponse(
    IReadOnlyList<Alert> Active, IReadOnlyList<Alert> Resolved, IReadOnlyList<Alert> Pending, AlertSummary Summary, AlertsMatched Matched, AlertsNext Next);

/// <summary>How many alerts fit what was asked for, on all pages.</summary>
internal sealed record AlertsMatched(int Active, int Resolved, int Pending);

/// <summary>What to send as <c>cursor</c> for the next page of each list; null at its end.</summary>
internal sealed record AlertsNext(string? Active, string? Resolved, string? Pending);

/// <summary>One alert, and what became of the news that it fired.</summary>
internal sealed record AlertResponse(Alert Alert, IReadOnlyList<AlertDelivery> Deliveries);

/// <summary>The rules and how they stand.</summary>
internal sealed record AlertRulesResponse(IReadOnlyList<AlertRuleStatus> Rules);

/// <summary>The channels and how they fare.</summary>
internal sealed record NotifiersResponse(IReadOnlyList<AlertNotifierStatus> Notifiers);

/// <summary>A channel that took a test notice.</summary>
internal sealed record NotifierTestResponse(string Name, bool IsDelivered);
