namespace Monitoring.Validation;

/// <summary>
/// Marks settings that take effect while the monitor runs: one of them, or a whole section and what is below it. Everything
/// else is read once. It is the one list of them: what may be changed through the API, and what the documentation says.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class)]
internal sealed class LiveAttribute : Attribute;
