namespace Monitoring.Alerts;

/// <summary>What became of the notices for one notifier since the start. The counts are read one after another.</summary>
/// <param name="Name">Name of the notifier.</param>
/// <param name="Delivered">Notices that it took without an error.</param>
/// <param name="Failed">Notices that it threw at, or took too long over.</param>
/// <param name="Dropped">Notices that found its queue full.</param>
/// <param name="Pending">Notices that wait.</param>
public readonly record struct AlertNotifierStatus(string Name, long Delivered, long Failed, long Dropped, int Pending);
