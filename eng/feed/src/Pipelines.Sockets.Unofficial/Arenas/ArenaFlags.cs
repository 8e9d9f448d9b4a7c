namespace Pipelines.Sockets.Unofficial.Arenas;

/// <summary>How an arena allocates. The stand-in's arena behaves in one way, whatever is asked for.</summary>
[Flags]
public enum ArenaFlags
{
    /// <summary>Nothing in particular.</summary>
    None = 0,
}
