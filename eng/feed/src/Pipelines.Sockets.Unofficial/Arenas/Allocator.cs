namespace Pipelines.Sockets.Unofficial.Arenas;

/// <summary>A source of memory for an <see cref="Arena{T}"/>. The stand-in's arena has its own; callers pass <see langword="null"/>.</summary>
/// <typeparam name="T">The element.</typeparam>
public abstract class Allocator<T>;
