namespace Pipelines.Sockets.Unofficial;

/// <summary>
/// The connection broke underneath. An <see cref="IOException"/>, because that is what StackExchange.Redis takes for a
/// failure of the socket rather than a fault of its own.
/// </summary>
public sealed class ConnectionResetException : IOException
{
    /// <summary>Creates the exception.</summary>
    public ConnectionResetException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    public ConnectionResetException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="inner">What the socket or stream said.</param>
    public ConnectionResetException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
