namespace Monitoring.Alerts.Notifiers;

/// <summary>What the <see cref="LogNotifier"/> writes (section <c>Monitoring:Alerts:Log</c> by convention).</summary>
public sealed class LogNotifierOptions() : NotifierOptions("log");
