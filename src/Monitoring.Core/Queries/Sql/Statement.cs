namespace Monitoring.Queries.Sql;

/// <summary>A normalised statement. Immutable.</summary>
/// <param name="Fingerprint">Identifies it: the same in every process.</param>
/// <param name="Text">Its text, without any value.</param>
internal sealed record Statement(ulong Fingerprint, string Text)
{
    /// <summary>
    /// How many characters of the normalised text are kept, and tell statements apart: enough for the long lists of columns
    /// that object mappers write in front of what differs.
    /// </summary>
    public const int LongestText = 4096;
}
