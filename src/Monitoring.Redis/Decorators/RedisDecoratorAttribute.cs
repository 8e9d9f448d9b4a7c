namespace Monitoring.Redis.Decorators;

/// <summary>Asks the generator for the members of an interface, over the fields <c>_inner</c>, <c>_funnel</c> and <c>_asyncState</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class RedisDecoratorAttribute(Type decorated) : Attribute
{
    public Type Decorated { get; } = decorated;

    /// <summary>Whether asynchronous members only queue a command until something else executes them all.</summary>
    public bool Queued { get; set; }
}
