namespace Monitoring.Redis.Decorators;

/// <summary>A command: of the table, by its index, or one that the caller names.</summary>
internal readonly record struct CommandId(int Index, string? Name)
{
    public static implicit operator CommandId(int index) => new(index, null);

    public static implicit operator CommandId(string? name) => new(-1, name ?? "");
}
