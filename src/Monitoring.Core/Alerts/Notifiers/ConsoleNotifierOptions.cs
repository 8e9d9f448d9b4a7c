namespace Monitoring.Alerts.Notifiers;

/// <summary>What a <see cref="ConsoleNotifier"/> writes (section <c>Monitoring:Alerts:Console</c> by convention).</summary>
public sealed class ConsoleNotifierOptions() : NotifierOptions("console");
