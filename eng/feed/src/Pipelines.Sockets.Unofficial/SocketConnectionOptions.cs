namespace Pipelines.Sockets.Unofficial;

/// <summary>Options of a <see cref="SocketConnection"/>; StackExchange.Redis asks for none.</summary>
[Flags]
public enum SocketConnectionOptions
{
    /// <summary>Nothing in particular.</summary>
    None = 0,
}
