namespace Monitoring.Telemetry;

/// <summary>The last changes that people made, newest first; bounded. Thread-safe.</summary>
public sealed class AuditLog
{
}
