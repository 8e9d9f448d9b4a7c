namespace Monitoring.Services;

/// <summary>Asks a service how it fares. The token is cancelled when its time is over.</summary>
/// <param name="cancellationToken">Cancelled after <see cref="ServiceProbeOptions.Timeout"/>, and when the monitor is disposed.</param>
/// <returns>What was found; an exception is a failure too.</returns>
public delegate ValueTask<ServiceProbeResult> ServiceProbe(CancellationToken cancellationToken);
