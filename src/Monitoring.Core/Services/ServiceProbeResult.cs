namespace Monitoring.Services;

/// <summary>What a probe found.</summary>
/// <param name="Status">How the service fares; <see cref="ServiceStatus.Critical"/> is one failure, of which it takes several in a row.</param>
/// <param name="Description">Why, in a few words; shown to readers of the API, so without secrets.</param>
public readonly record struct ServiceProbeResult(ServiceStatus Status, string? Description = null)
{
    /// <summary>It answers as it should.</summary>
    public static ServiceProbeResult Healthy { get; } = new(ServiceStatus.Healthy);

    /// <summary>It answers, but something is not as it should be.</summary>
    public static ServiceProbeResult Warning(string? description) => new(ServiceStatus.Warning, description);

    /// <summary>It does not answer, or cannot work.</summary>
    public static ServiceProbeResult Critical(string? description) => new(ServiceStatus.Critical, description);
}
