namespace Monitoring.Redis;

/// <summary>
/// Splits the callers' mean latency among server, network, client and waiting behind large replies. What is certain comes
/// first (execution, and the quickest round trip); then what was sampled over time and may overlap (server stalls, a
/// slower network, a late thread pool), scaled down together where it exceeds what is left; then what happened while
/// large replies arrived, since a stall of the server looks the same from there. The rest is unknown.
/// </summary>
internal readonly record struct RedisLatencyAttribution
{
    /// <summary>Operations times their latency, ms; the parts below are parts of it.</summary>
    public double Total { get; private init; }

    public double Server { get; private init; }

    public double Network { get; private init; }

    public double Client { get; private init; }

    public double HeadOfLine { get; private init; }

    /// <summary>Attributes the time of all operations of the evidence.</summary>
    public static RedisLatencyAttribution Of(RedisLatencyEvidence evidence)
    {
        var left = Math.Max(evidence.Observed.TotalMilliseconds, 0);
        if (evidence.Operations <= 0 || left == 0)
        {
            return default;
        }

        var total = left;
        var server = Take(ref left, Of(evidence.Execution));
        var network = Take(ref left, Of(evidence.RoundTripFloor));

        // Without commandstats nobody can say whether a slow PING was the server's fault or the network's: it is taken off
        // all the same, so that nothing below claims it.
        var excess = Of(evidence.RoundTripExcess);
        var stall = excess * Math.Clamp(evidence.ExcessWhileBusy ?? 0, 0, 1);
        var slower = evidence.ExcessWhileBusy is null ? 0 : excess - stall;
        var client = Of(evidence.Unsent) + Math.Max(Of(evidence.SchedulingDelay), Of(evidence.AwaitingCompletion));
        var sampled = excess + client;
        var scale = sampled > left ? left / sampled : 1;
        server += stall * scale;
        network += slower * scale;
        client *= scale;
        left = Math.Max(left - (sampled * scale), 0);

        // Without PINGs there is no share of the network, and a stall cannot be told from a large reply.
        var headOfLine = 0.0;
        if (evidence.RoundTripFloor is not null)
        {
            network += Take(ref left, Of(evidence.Transfer));
            headOfLine = Take(ref left, Of(evidence.BehindLargeReplies));
        }

        return new RedisLatencyAttribution
        {
            Total = total * evidence.Operations,
            Server = server * evidence.Operations,
            Network = network * evidence.Operations,
            Client = client * evidence.Operations,
            HeadOfLine = headOfLine * evidence.Operations,
        };
    }

    /// <summary>Both together.</summary>
    public RedisLatencyAttribution Plus(in RedisLatencyAttribution other) => new()
    {
        Total = Total + other.Total,
        Server = Server + other.Server,
        Network = Network + other.Network,
        Client = Client + other.Client,
        HeadOfLine = HeadOfLine + other.HeadOfLine,
    };

    private static double Of(TimeSpan? time) => Math.Max(time?.TotalMilliseconds ?? 0, 0);

    private static double Take(ref double left, double amount)
    {
        var taken = Math.Min(amount, left);
        left -= taken;
        return taken;
    }
}
