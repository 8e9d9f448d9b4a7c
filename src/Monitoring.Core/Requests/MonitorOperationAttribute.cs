namespace Monitoring.Requests;

/// <summary>
/// Records each call of a method as an operation: on a method of an interface, or of the class that implements it. Works for services that
/// <c>MonitorOperations&lt;TService&gt;()</c> was called for. An exception counts as a failure and passes by untouched.
/// </summary>
/// <param name="name">Name of the operation, short and constant; <c>Type.Method</c> when null.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MonitorOperationAttribute(string? name = null) : Attribute
{
    /// <summary>Name of the operation; null for <c>Type.Method</c>, the type being that of the service.</summary>
    public string? Name { get; } = name;
}
