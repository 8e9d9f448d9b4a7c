namespace Monitoring.Requests;

/// <summary>What is known of a request while it goes on.</summary>
/// <param name="State">What is added up for it.</param>
/// <param name="InFlight">What counts it as going on.</param>
/// <param name="Start">When it began, a timestamp of the monitor's clock.</param>
internal readonly record struct RequestTicket(OperationState State, StripedCount InFlight, long Start);

/// <summary>What is known of a request that still goes on.</summary>
internal readonly record struct RequestProgress(TimeSpan Elapsed, OperationTotals Totals, RequestPhase[] Phases);
