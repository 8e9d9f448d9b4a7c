namespace Monitoring.Cli;

/// <summary>The API did not do what it was asked; the message is for the user.</summary>
internal sealed class ApiException(string message, bool isUnreachable = false, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Whether nobody answered, or something else than the API.</summary>
    public bool IsUnreachable { get; } = isUnreachable;
}
