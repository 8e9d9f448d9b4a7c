namespace Monitoring.AspNetCore.Requests;

/// <summary>Marks endpoints whose requests are not recorded.</summary>
internal sealed class RequestExclusion
{
    public static readonly RequestExclusion Instance = new();
}
